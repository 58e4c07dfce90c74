/** The way to the OpenID provider's page, where the service has one. */

import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { fetchLoginMethods } from './session';

interface ProviderLinkProps {
  /** This page is kept. */
  readonly inNewTab?: boolean;
}

export function ProviderLink({ inNewTab = false }: ProviderLinkProps) {
  const methods = useQuery({ queryKey: ['login-methods'], queryFn: fetchLoginMethods, staleTime: Infinity });
  const [location] = useLocation();
  const [params] = useSearchParams();
  if (methods.data?.oidc == null) return null;
  return (
    <>
      <p className="gate-or">or</p>
      <a
        className="button wide"
        href={`/console/oidc/start?return_to=${encodeURIComponent(returnTo(location, params))}`}
        {...(inNewTab && { target: '_blank', rel: 'noopener' })}
      >
        Log in with {methods.data.oidc}
      </a>
    </>
  );
}

/** The page that was asked for, without what an earlier log-in came to. */
function returnTo(location: string, params: URLSearchParams): string {
  const kept = new URLSearchParams(params);
  kept.delete('login');
  return `/console${location}${kept.size > 0 ? `?${kept.toString()}` : ''}`;
}
