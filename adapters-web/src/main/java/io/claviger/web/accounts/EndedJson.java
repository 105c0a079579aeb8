package io.claviger.web.accounts;

import io.claviger.application.accounts.port.EndedCredentials;

/**
 * The tokens, sessions and other credentials that ended when a user's access was recovered, as the
 * API shows them.
 */
public record EndedJson(
    int accessTokens,
    int sessions,
    boolean identity,
    int deviceCodes,
    int signInLinks,
    int pendingLinks,
    boolean webhook,
    int apiKeys,
    int waitingChanges,
    int consents) {
  public static EndedJson of(EndedCredentials ended) {
    return new EndedJson(
        ended.accessTokens(),
        ended.sessions(),
        ended.identityIssuer().isPresent(),
        ended.deviceCodes(),
        ended.signInLinks(),
        ended.pendingLinks(),
        ended.webhook(),
        ended.apiKeys(),
        ended.changes().size(),
        ended.consents());
  }
}
