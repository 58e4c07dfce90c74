/** The console's icons: drawn for it, and silent to screen readers, since a text is always beside them. */

import type { ReactNode } from 'react';

interface IconProps {
  readonly className?: string;
}

function Icon({ className = '', children }: IconProps & { readonly children: ReactNode }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function Logo({ className = '' }: IconProps) {
  return (
    <svg className={`logo ${className}`} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" className="logo-ground" />
      <path
        className="logo-hole"
        d="M16 7a5.5 5.5 0 0 0-2.6 10.35L11.8 24.2c-.15.65.34 1.3 1 1.3h6.4c.66 0 1.15-.65 1-1.3l-1.6-6.85A5.5 5.5 0 0 0 16 7Z"
      />
    </svg>
  );
}

export const TrashIcon = () => (
  <Icon>
    <path d="M3.5 5.5h13M8 5.5V3.8c0-.5.4-.8.8-.8h2.4c.4 0 .8.3.8.8v1.7M5 5.5l.7 10.2c0 .7.6 1.3 1.3 1.3h6c.7 0 1.3-.6 1.3-1.3L15 5.5M8.3 9v5M11.7 9v5" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon>
    <path d="M1.8 10S4.8 4.5 10 4.5 18.2 10 18.2 10 15.2 15.5 10 15.5 1.8 10 1.8 10Z" />
    <circle cx="10" cy="10" r="2.5" />
  </Icon>
);

export const EyeOffIcon = () => (
  <Icon>
    <path d="M8.2 4.7A8 8 0 0 1 10 4.5c5.2 0 8.2 5.5 8.2 5.500a14 14 0 0 1-2.2 2.800M4.6 6.300A13.5 13.5 0 0 0 1.8 10s3 5.5 8.2 5.500a8 8 0 0 0 3.7-.9M8.3 8.200a2.5 2.5 0 0 0 3.5 3.500M3 3l14 14" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="7" y="7" width="9.5" height="9.5" rx="1.5" />
    <path d="M13 7V5c0-.8-.7-1.5-1.5-1.500H5c-.8 0-1.5.7-1.5 1.500v6.500c0 .8.7 1.5 1.5 1.500h2" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M10 3 1.9 16.500h16.200L10 3ZM10 8v4M10 14.200v.1" />
  </Icon>
);

export const InfoIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 9v5M10 6.300v.1" />
  </Icon>
);
