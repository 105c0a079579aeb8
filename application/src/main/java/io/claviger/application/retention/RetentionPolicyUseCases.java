package io.claviger.application.retention;

import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.application.retention.port.RetentionPolicyStore.StoredPolicy;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.retention.RetentionPolicy;
import java.util.List;

record RetentionPolicyUseCases(
    RetentionPolicyStore store, RetentionPolicy bounds, AuditedChanges changes)
    implements RetentionPolicies {
  @Override
  public Outcome<BoundedPolicy> find(Actor actor) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          demandAdministrator(actor);
          return new BoundedPolicy(store.find(), bounds);
        });
  }

  @Override
  public Outcome<BoundedPolicy> save(
      Actor actor, Precondition precondition, RetentionPolicy policy) {
    return changes.change(
        actor,
        AuditAction.RETENTION_UPDATE,
        AuditTargets.retention(),
        log -> {
          demandAdministrator(actor);
          StoredPolicy before = store.lock();
          precondition.demand(before.version());
          policy.demandWithin(bounds);
          List<String> changed =
              new FieldDifferences()
                  .of("usage_months", before.policy().usage(), policy.usage())
                  .of("audit_months", before.policy().audit(), policy.audit())
                  .names();
          if (changed.isEmpty()) {
            return new BoundedPolicy(before, bounds);
          }
          StoredPolicy after = new StoredPolicy(policy, before.version() + 1, changes.now());
          store.update(after);
          log.recordChange(
              AuditAction.RETENTION_UPDATE,
              AuditTargets.retention(),
              changed,
              AuditEvent.Term.changed(before.policy().texts(), policy.texts()));
          return new BoundedPolicy(after, bounds);
        });
  }

  private static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden(
          "Only administrators may see and change how long usage and the audit trail are kept.");
    }
  }
}
