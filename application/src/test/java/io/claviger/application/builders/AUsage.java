package io.claviger.application.builders;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.LocalDate;
import java.util.Optional;

/** One request of a user on an instance, with its own key, through no project. */
public final class AUsage {
  public static final LocalDate DAY = LocalDate.of(2026, 2, 3);
  public static final UsageCounts ONE = new UsageCounts(1, 0, 10, 200, 3, 40);

  private final User user;
  private final Instance instance;
  private Optional<UsageAccount.ThroughProject> project = Optional.empty();
  private LocalDate day = DAY;
  private KeySource source = KeySource.CENTRAL;
  private CountedModel model = CountedModel.UNKNOWN;
  private UsageCounts counts = ONE;

  private AUsage(User user, Instance instance) {
    this.user = user;
    this.instance = instance;
  }

  public static AUsage of(User user, Instance instance) {
    return new AUsage(user, instance);
  }

  public AUsage through(Project given) {
    this.project =
        Optional.of(new UsageAccount.ThroughProject(given.id(), given.ref(), given.owner()));
    return this;
  }

  public AUsage on(LocalDate given) {
    this.day = given;
    return this;
  }

  public AUsage source(KeySource given) {
    this.source = given;
    return this;
  }

  public AUsage model(UsageModel given) {
    return model(CountedModel.of(given));
  }

  public AUsage model(CountedModel given) {
    this.model = given;
    return this;
  }

  public AUsage counts(UsageCounts given) {
    this.counts = given;
    return this;
  }

  public UsageAccount account() {
    return new UsageAccount(
        user.id(), user.handle(), instance.id(), instance.ref(), instance.owner(), project);
  }

  public UsageRow build() {
    return new UsageRow(day, account(), source, model, PriceVersions.NONE, counts);
  }
}
