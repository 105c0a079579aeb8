package io.claviger.application.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Dependents;
import io.claviger.application.accounts.out.RandomBytes;
import io.claviger.application.accounts.out.RestrictionTargets;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;

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
      Users users,
      AccessTokens tokens,
      UserKeys userKeys,
      Dependents dependents,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    TokenMint mint = new TokenMint(random);
    return new AccountsModule(
        new AuthenticateService(tokens, acceptance, new TokenUse(tokens), rejected, attempts),
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
