const loopbackHosts = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/** Whether a host name or address is one that only this machine reaches. */
export function isLoopbackHost(host: string): boolean {
  return loopbackHosts.test(host);
}
