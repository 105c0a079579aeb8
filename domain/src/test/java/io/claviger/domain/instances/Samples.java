package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Writes;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Settings in which no value is a default, and instances with them. */
final class Samples {
  static final User.Id ALICE = new User.Id(new UUID(0, 1));
  static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  static final InstanceSettings STORED =
      new InstanceSettings(
          Optional.of(new Definition.Id(new UUID(0, 9))),
          Writes.STORED,
          new KeyPolicy(true, true, true),
          new Limits(
              Optional.of(7), Optional.of(Set.of(new ModelPattern("stored"))), Optional.empty()),
          InstanceSettings.defaults(new Handle("any"))
              .with(InstanceField.DISPLAY_NAME.scalar(), new DisplayName("Stored"))
              .with(InstanceField.TIMEOUT_MS.scalar(), new Timeout(7))
              .withOptional(
                  InstanceField.ORGANIZATION.scalar(), Optional.of(new Organization("org-stored")))
              .with(InstanceField.ENABLED.scalar(), false));

  private Samples() {}

  /** {@link #STORED} with what holds of all callers together. */
  static InstanceSettings stored(Budgets budgets, LimitsInAll limits, ProviderLimits provider) {
    return new InstanceSettings(
        STORED.definition(),
        STORED.fields(),
        STORED.keyPolicy(),
        STORED.limits(),
        STORED.own(),
        budgets,
        limits,
        provider,
        STORED.credential(),
        STORED.sent());
  }

  static Instance instance(User.Id owner, InstanceSettings settings, KeyPlacement placement) {
    return new Instance(
        new Instance.Id(new UUID(0, 5)),
        owner,
        new Instance.Ref(new Handle("alice"), new Handle("mine")),
        settings,
        placement,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        THEN,
        THEN);
  }
}
