package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

/**
 * The common part of the contracts of {@link ChangeFeed}: some rows, and the subjects that a change
 * reports.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ChangesContract extends PortContract {
  private final AtomicInteger names = new AtomicInteger();
  User alice;
  User bob;
  Instance service;
  Project project;

  @BeforeEach
  void fill() {
    alice = user("alice");
    bob = user("bob");
    service = stored(AnInstance.of(alice, "one").build());
    project = stored(AProject.of(alice, "p").using(service).build());
  }

  /** To something that was not there before. */
  void update(User user) {
    DisplayName name = new DisplayName("name-" + names.incrementAndGet());
    ports.users().update(user.with(user.fields().with(CommonFields.DISPLAY_NAME, name), NOW));
  }

  /** The rows that one change reports. */
  Set<UUID> toldOf(Runnable change) {
    long before = point();
    change.run();
    ChangeFeed.Since since = since(before);
    assertThat(since.everything()).isFalse();
    assertThat(since.point()).isGreaterThan(before);
    return since.subjects();
  }

  void assertNothingTold(Runnable change) {
    long before = point();
    change.run();
    assertThat(since(before)).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
  }

  long point() {
    return ports.changes().since(OptionalLong.empty()).point();
  }

  ChangeFeed.Since since(long point) {
    return ports.changes().since(OptionalLong.of(point));
  }
}
