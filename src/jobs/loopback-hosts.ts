/** Names and addresses of the loopback interface. */
export const loopbackHosts = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
