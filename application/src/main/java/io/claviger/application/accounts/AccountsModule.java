package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;

/** Builds the use cases of accounts from what they need. */
public record AccountsModule(
    Authenticate authenticate,
    CreateUser createUser,
    FindUsers findUsers,
    UpdateUser updateUser,
    DeleteUser deleteUser,
    IssueToken issueToken,
    FindTokens findTokens,
    RevokeToken revokeToken,
    EstablishRoot establishRoot) {

  public static AccountsModule of(
      UserStore users,
      AccessTokenStore tokens,
      UserKeyStore userKeys,
      UserReferences dependents,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      AuditedChanges attempts) {
    TokenGenerator mint = new TokenGenerator(random);
    return new AccountsModule(
        new AuthenticateService(
            tokens, acceptance, new LastUseRecorder(tokens), rejected, attempts),
        new CreateUserService(users, tokens, mint, ids, attempts),
        new FindUsersService(users),
        new UpdateUserService(users, attempts),
        new DeleteUserService(users, dependents, attempts),
        new IssueTokenService(users, tokens, userKeys, targets, mint, ids, attempts),
        new FindTokensService(users, tokens),
        new RevokeTokenService(users, tokens, attempts),
        new EstablishRootService(users, tokens, mint, ids, attempts, transactions, trail));
  }
}
