/** Channels to a door: where it is, what proves it, and what proves us to it. */

import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  Channel,
  credentials,
  experimental,
  type ChannelCredentials,
  type ChannelOptions,
} from '@grpc/grpc-js';
import type { RenewedCertificates } from './renewed-certificates';
import { SIDECAR_SERVER_NAME } from './sidecar-name';

/** What proves the other side, with a certificate of our own where the door wants one. */
export type ClientTls = (ClientPems | { readonly renewed: RenewedCertificates }) & ClientTlsNames;

/** PEM texts. */
interface ClientPems {
  /** The certificate authority whose signature the door must show. */
  readonly ca: Buffer;
  /** Our certificate chain; with `key`. */
  readonly cert?: Buffer;
  /** Our private key; with `cert`. */
  readonly key?: Buffer;
}

interface ClientTlsNames {
  /**
   * The name to expect in the door's certificate; default: the address's host, `localhost` on loopback addresses
   * and Unix sockets, and a sidecar's own name at a sidecar's door.
   */
  readonly serverName?: string;
  /** The door is a sidecar's. Without it a certificate that names a workload is refused: a sidecar's key must not pass for the service. */
  readonly toSidecar?: boolean;
}

/** Where to dial and how. */
export interface ChannelTarget {
  /** `host:port`, or `unix:/path/to/socket`. */
  readonly address: string;
  /** Undefined: plain text, which only a Unix socket or loopback deserves. */
  readonly tls?: ClientTls;
}

// The name that our doors' certificates carry whatever their host.
const LOCAL_SERVER_NAME = 'localhost';
const LOOPBACK = /^(127\.[0-9.]+|\[::1\]):\d+$/;

// A message carries at most two scopes of 1 MiB and an invocation's input; grpc-js stops at 4 MiB.
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * A name may lead to several servers, and to others tomorrow. A connection that went dead (a machine that is gone says
 * nothing) is found out by pings and given up, the name is looked up again whenever a connection ended, and calls go to
 * all of its addresses in turn, so that a server that was added gets its part. (Of two addresses, pick_first of grpc-js
 * always takes the first: its shuffle leaves the first two as they are.)
 */
const FOLLOWING_A_NAME = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
};

/**
 * The kernel tells when a process on this machine is gone, and gRPC's servers take pings on a quiet connection for an
 * attack (../sidecar/host-connection.ts). A connection that ended is not made again before somebody calls.
 */
const ON_THIS_MACHINE = {
  'grpc.keepalive_time_ms': -1,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ pick_first: {} }] }),
};

/** Opens lazily: the first call connects. Failing calls reconnect with backoff. */
export function openChannel(target: ChannelTarget, options: ChannelOptions = {}): Channel {
  const unix = target.address.startsWith('unix:');
  // RFC 6066 §3: a server name is not an IP address, so one that only this machine has goes by its name.
  const local = unix || LOOPBACK.test(target.address);
  const ofDoor = target.tls?.toSidecar === true ? SIDECAR_SERVER_NAME : undefined;
  const serverName = target.tls?.serverName ?? ofDoor ?? (local ? LOCAL_SERVER_NAME : undefined);
  return new Channel(target.address, channelCredentials(target.tls), {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // One target, no service config look-ups, no proxy from the environment on the way to a secret.
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    ...FOLLOWING_A_NAME,
    ...(serverName !== undefined && target.tls !== undefined
      ? { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }
      : unix
        ? { 'grpc.default_authority': LOCAL_SERVER_NAME }
        : {}),
    ...options,
    ...(unix ? ON_THIS_MACHINE : {}),
  });
}

function channelCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const verify = { checkServerIdentity: tls.toSidecar === true ? checkServerIdentity : checkService };
  return 'renewed' in tls
    ? experimental.createCertificateProviderChannelCredentials(tls.renewed, tls.renewed, verify)
    : credentials.createSsl(tls.ca, tls.key ?? null, tls.cert ?? null, verify);
}

/** The name must fit, as always, and the certificate must not be a workload's under the same authority. */
function checkService(host: string, certificate: PeerCertificate): Error | undefined {
  const wrongName = checkServerIdentity(host, certificate);
  if (wrongName !== undefined) return wrongName;
  return certificate.subjectaltname?.includes('URI:spiffe://axiom/')
    ? new Error("the certificate is a workload's, not the service's")
    : undefined;
}
