package io.claviger.application.trusts;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class TrustedIssuerUseCases implements TrustedIssuers {
  private final TrustedIssuerStore issuers;
  private final Optional<Issuer> people;
  private final Optional<Issuer> own;
  private final CredentialStore credentials;
  private final AuditedChanges changes;

  TrustedIssuerUseCases(
      TrustedIssuerStore issuers,
      Optional<Issuer> people,
      Optional<Issuer> own,
      CredentialStore credentials,
      AuditedChanges changes) {
    this.issuers = issuers;
    this.people = people;
    this.own = own;
    this.credentials = credentials;
    this.changes = changes;
  }

  @Override
  public Outcome<TrustedIssuer> find(Actor actor, Handle name) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return issuers.find(name).orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<Page<TrustedIssuer, Handle>> list(Actor actor, PageRequest<Handle> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return Page.of(
              issuers.list(page.after(), page.limit() + 1), page.limit(), TrustedIssuer::name);
        });
  }

  @Override
  public Outcome<SavedIssuer> save(
      Actor actor, Handle name, Precondition precondition, Issuer issuer) {
    return changes.change(
        actor,
        AuditAction.TRUSTED_ISSUER_UPDATE,
        AuditTargets.trustedIssuer(name),
        log -> {
          demandAdministrator(actor);
          actor.demandUnlimited("A trusted issuer");
          Lockout.demandPresented(actor, credentials);
          if (people.filter(issuer::equals).isPresent()) {
            throw RefusedException.invalid(
                Fault.notAllowed(
                    "issuer",
                    "People sign in with this issuer. Programs need a different issuer."));
          }
          if (own.filter(issuer::equals).isPresent()) {
            throw RefusedException.invalid(
                Fault.notAllowed(
                    "issuer",
                    "This issuer is Claviger itself. Its statements identify services, not"
                        + " programs."));
          }
          return save(name, precondition, issuer, log);
        });
  }

  private SavedIssuer save(Handle name, Precondition precondition, Issuer issuer, ChangeLog log) {
    Instant now = changes.now();
    Optional<TrustedIssuer> before = issuers.lock(name);
    if (before.isEmpty()) {
      log.recordAttemptAs(AuditAction.TRUSTED_ISSUER_CREATE);
    }
    precondition.demand(before, TrustedIssuer::version);
    if (before.isPresent() && before.get().issuer().equals(issuer)) {
      return new SavedIssuer(before.get(), false);
    }
    demandFree(issuer);
    if (before.isEmpty()) {
      TrustedIssuer created =
          new TrustedIssuer(new TrustedIssuer.Id(changes.ids().next()), name, issuer, 1, now, now);
      issuers.insert(created);
      log.recordChange(
          AuditAction.TRUSTED_ISSUER_CREATE,
          AuditTargets.trustedIssuer(created),
          List.of("issuer"));
      return new SavedIssuer(created, true);
    }
    TrustedIssuer after = before.get().with(issuer, now);
    issuers.update(after);
    log.recordChange(
        AuditAction.TRUSTED_ISSUER_UPDATE, AuditTargets.trustedIssuer(after), List.of("issuer"));
    return new SavedIssuer(after, false);
  }

  /**
   * Refuses an address that another trusted issuer already has. If somebody stores an issuer with
   * the address between this check and the write, a database constraint rejects the write. After
   * such a rejection, the attempt is repeated, and this check refuses it.
   */
  private void demandFree(Issuer issuer) {
    if (issuers.find(issuer).isPresent()) {
      throw RefusedException.conflict("issuer_taken", "A trusted issuer has this address already.");
    }
  }

  @Override
  public Outcome<Handle> delete(Actor actor, Handle name, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.TRUSTED_ISSUER_DELETE,
        AuditTargets.trustedIssuer(name),
        log -> {
          demandAdministrator(actor);
          TrustedIssuer issuer = issuers.lock(name).orElseThrow(RefusedException::notFound);
          precondition.demand(issuer.version());
          delete(issuer);
          log.recordChange(
              AuditAction.TRUSTED_ISSUER_DELETE, AuditTargets.trustedIssuer(issuer), List.of());
          return name;
        });
  }

  private void delete(TrustedIssuer issuer) {
    try {
      issuers.delete(issuer.id());
    } catch (StillReferenced e) {
      throw RefusedException.conflict("in_use", "Trusts of service accounts name this issuer.");
    }
  }

  private static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators write trusted issuers.");
    }
  }
}
