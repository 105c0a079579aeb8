package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

final class AuthenticateService implements Authenticate {
  private final AccessTokenStore tokens;
  private final TokenAcceptance acceptance;
  private final LastUseRecorder use;
  private final RejectedTokens rejected;
  private final AuditedChanges attempts;

  AuthenticateService(
      AccessTokenStore tokens,
      TokenAcceptance acceptance,
      LastUseRecorder use,
      RejectedTokens rejected,
      AuditedChanges attempts) {
    this.tokens = tokens;
    this.acceptance = acceptance;
    this.use = use;
    this.rejected = rejected;
    this.attempts = attempts;
  }

  @Override
  public Outcome authenticate(TokenText text, String address, String requestId) {
    TokenHash hash = text.hash();
    Instant now = attempts.now();
    if (!acceptance.isWorthAsking(text, hash)) {
      return new Outcome.Rejected(rejected.noted(address, requestId, now));
    }
    Optional<AccessTokenStore.Presented> presented =
        tokens.find(hash).filter(p -> acceptance.accepts(p.token(), hash, now));
    if (presented.isEmpty()) {
      return new Outcome.Rejected(rejected.rejected(address, requestId, now));
    }
    use.note(presented.get().token(), now);
    User user = presented.get().user();
    return new Outcome.Authenticated(
        new Actor(
            user.id(),
            user.handle(),
            user.administrator(),
            Optional.of(presented.get().token()),
            address,
            requestId));
  }
}
