package io.claviger.application.trusts;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.UserAccess;
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
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.Fault;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class TrustUseCases implements Trusts {
  private final UserAccess access;
  private final TrustStore trusts;
  private final TrustedIssuerStore issuers;
  private final CredentialStore credentials;
  private final AuditedChanges changes;

  TrustUseCases(
      UserAccess access,
      TrustStore trusts,
      TrustedIssuerStore issuers,
      CredentialStore credentials,
      AuditedChanges changes) {
    this.access = access;
    this.credentials = credentials;
    this.trusts = trusts;
    this.issuers = issuers;
    this.changes = changes;
  }

  @Override
  public Outcome<Trust> find(Actor actor, Handle account, Handle name) {
    try {
      return Outcome.done(
          trusts.find(readable(actor, account).id(), name).orElseThrow(RefusedException::notFound));
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  @Override
  public Outcome<Page<Trust, Handle>> list(Actor actor, Handle account, PageRequest<Handle> page) {
    try {
      return Outcome.done(
          Page.of(
              trusts.list(readable(actor, account).id(), page.after(), page.limit() + 1),
              page.limit(),
              Trust::name));
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  private User readable(Actor actor, Handle account) {
    actor.demandManage();
    return access.find(actor, account, UserAction.MANAGE_TRUSTS);
  }

  @Override
  public Outcome<SavedTrust> save(
      Actor actor, Handle account, Handle name, Precondition precondition, TrustContent content) {
    return changes.change(
        actor,
        AuditAction.TRUST_UPDATE,
        AuditTargets.trust(account, name),
        log -> {
          // Locks the account, so that only one transaction at a time counts and writes its trusts.
          User user = access.lock(actor, account, UserAction.MANAGE_TRUSTS);
          actor.demandUnlimited("A trust");
          Lockout.demandPresented(actor, credentials);
          access.demandStill(actor, user, UserAction.MANAGE_TRUSTS);
          demandSomebody(content.terms());
          return save(user, name, precondition, content, log);
        });
  }

  private static void demandSomebody(TrustTerms terms) {
    if (!terms.nameSomebody()) {
      throw RefusedException.invalid(
          List.of(
              Fault.notAllowed(
                  "claims",
                  "At least one claim is needed, because the subject names no owner before the *."
                      + " For example, repo:* matches everybody's repositories, but repo:acme/*"
                      + " does not.")));
    }
  }

  private SavedTrust save(
      User account, Handle name, Precondition precondition, TrustContent content, ChangeLog log) {
    Instant now = changes.now();
    Optional<Trust> before = trusts.find(account.id(), name);
    if (before.isEmpty()) {
      log.recordAttemptAs(AuditAction.TRUST_CREATE);
    }
    precondition.demand(before, Trust::version);
    TrustedIssuer issuer =
        issuers
            .find(content.issuer())
            .orElseThrow(
                () -> RefusedException.invalid(Fault.unknownReference("issuer", "trusted issuer")));
    if (before.isEmpty()) {
      return create(account, name, issuer, content, now, log);
    }
    Trust after = before.get().with(issuer, content.terms(), now);
    List<String> changed = differences(before.get(), after);
    if (changed.isEmpty()) {
      return new SavedTrust(before.get(), false);
    }
    trusts.update(after);
    log.recordChange(
        AuditAction.TRUST_UPDATE, AuditTargets.trust(after, account.handle()), changed);
    return new SavedTrust(after, false);
  }

  private SavedTrust create(
      User account,
      Handle name,
      TrustedIssuer issuer,
      TrustContent content,
      Instant now,
      ChangeLog log) {
    if (trusts.count(account.id()) >= MOST) {
      throw RefusedException.conflict(
          "quota_exceeded",
          "A service account can have at most %d trusts. Delete some that you no longer need."
              .formatted(MOST));
    }
    Trust created =
        new Trust(
            new Trust.Id(changes.ids().next()),
            account.id(),
            name,
            issuer,
            content.terms(),
            1,
            now,
            now);
    trusts.insert(created);
    log.recordChange(
        AuditAction.TRUST_CREATE,
        AuditTargets.trust(created, account.handle()),
        List.of("issuer", "subject", "claims", "max_lifetime"));
    return new SavedTrust(created, true);
  }

  private static List<String> differences(Trust before, Trust after) {
    return new FieldDifferences()
        .of("issuer", before.issuer().id(), after.issuer().id())
        .of("subject", before.terms().subject(), after.terms().subject())
        .of("claims", before.terms().claims(), after.terms().claims())
        .of("max_lifetime", before.terms().maxLifetime(), after.terms().maxLifetime())
        .names();
  }

  @Override
  public Outcome<Handle> delete(
      Actor actor, Handle account, Handle name, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.TRUST_DELETE,
        AuditTargets.trust(account, name),
        log -> {
          User user = access.lock(actor, account, UserAction.MANAGE_TRUSTS);
          Trust trust = trusts.find(user.id(), name).orElseThrow(RefusedException::notFound);
          precondition.demand(trust.version());
          trusts.delete(trust.id());
          log.recordChange(AuditAction.TRUST_DELETE, AuditTargets.trust(trust, account), List.of());
          return name;
        });
  }
}
