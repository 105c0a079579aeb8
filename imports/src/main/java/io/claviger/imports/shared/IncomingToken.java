package io.claviger.imports.shared;

import io.claviger.application.accounts.ImportedTokens.Added;
import io.claviger.application.accounts.ImportedTokens.NewImportedToken;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A token of which only the hash is known.
 *
 * @param ownerKind the owner's kind: user or service account
 * @param owner the owner's id in the source
 * @param service the id in the source of the only service that the token can be used for; empty for
 *     all services
 * @param spent how much of the token's budget is spent, in the smallest part of the budget's unit
 */
public record IncomingToken(
    HereStores here,
    TokenHash hash,
    ImportedKind ownerKind,
    String owner,
    TokenName name,
    AccessToken.Imported imported,
    Optional<String> service,
    Limits limits,
    Instant expiresAt,
    long spent)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.TOKEN;
  }

  @Override
  public String id() {
    return HexFormat.of().formatHex(hash.bytes());
  }

  @Override
  public String label() {
    return name.value() + " (" + id().substring(0, 8) + ")";
  }

  @Override
  public List<Needed> needed() {
    return Stream.concat(
            Stream.of(new Needed(ownerKind, owner, ReportReason.OWNER_MISSING)),
            service.stream()
                .map(id -> new Needed(ImportedKind.SERVICE, id, ReportReason.SERVICE_MISSING)))
        .toList();
  }

  @Override
  public Made make(Arrivals arrivals) {
    User.Id user = new User.Id(arrivals.require(ownerKind, owner));
    Optional<TokenRestriction> restriction = service.flatMap(id -> restriction(id, arrivals));
    if (service.isPresent() && restriction.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    return switch (here.importedTokens(arrivals)
        .add(
            new NewImportedToken(
                user, name, hash, imported, restriction, limits, arrivals.now(), expiresAt))) {
      case Added.TooManyPrefixes many ->
          new Made.LeftOut(ReportReason.TOO_MANY_PREFIXES, imported.prefix().value());
      case Added.Taken taken -> new Made.LeftOut(ReportReason.TOKEN_TAKEN, "");
      case Added.Known known -> new Made.Existing(known.token().id().value());
      case Added.New made -> {
        here.open(BudgetHolder.token(made.token().id().value()), limits, spent);
        yield new Made.New(
            made.token().id().value(),
            Optional.of(user.value()),
            AuditAction.TOKEN_CREATE,
            AuditTargets.user(user, here.handleOf(ownerKind, user.value())),
            List.of("name", "scope", "expires_at", "imported_from"));
      }
    };
  }

  private Optional<TokenRestriction> restriction(String only, Arrivals arrivals) {
    Instance.Id id = new Instance.Id(arrivals.require(ImportedKind.SERVICE, only));
    return here.services
        .find(id, User.Id.SYSTEM, arrivals.now())
        .map(seen -> new TokenRestriction.ToService(id.value(), seen.instance().ref().toString()));
  }
}
