package io.claviger.application.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.objects.port.ObjectLedger.Entry;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RememberedObjectsTest {
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(1, 1));
  private static final User.Id BOB = new User.Id(new UUID(2, 1));
  private static final User.Id EVE = new User.Id(new UUID(2, 2));
  private static final UUID SUBJECT = new UUID(3, 1);

  private final AtomicBoolean fresh = new AtomicBoolean(true);
  private final RememberedObjects remembered = new RememberedObjects(fresh::get);

  @Test
  void remembers_for_one_user_while_every_change_is_known() {
    keep(BOB, "file-1");

    assertThat(remembers(BOB, "file-1")).isTrue();
    assertThat(remembers(EVE, "file-1")).isFalse();
    fresh.set(false);
    assertThat(remembers(BOB, "file-1")).isFalse();
  }

  @Test
  void forgets_what_changed() {
    for (UUID changed : new UUID[] {SUBJECT, SERVICE.value(), BOB.value()}) {
      keep(BOB, "file-1");
      remembered.changed(Set.of(changed));
      assertThat(remembers(BOB, "file-1")).isFalse();
    }
    keep(BOB, "file-1");
    remembered.changed(Set.of(EVE.value()));
    assertThat(remembers(BOB, "file-1")).isTrue();
    remembered.everythingChanged();
    assertThat(remembers(BOB, "file-1")).isFalse();
  }

  @Test
  void does_not_remember_what_was_read_before_a_change() {
    long before = remembered.generation();
    remembered.changed(Set.of(UUID.randomUUID()));
    remembered.keep(before, SERVICE, BOB, entry("file-1"));
    assertThat(remembers(BOB, "file-1")).isFalse();

    before = remembered.generation();
    remembered.forget(SERVICE, name("file-1"));
    remembered.keep(before, SERVICE, BOB, entry("file-1"));
    assertThat(remembers(BOB, "file-1")).isFalse();
  }

  @Test
  void forgets_one_object_for_all_users() {
    for (User.Id user : new User.Id[] {BOB, EVE}) {
      keep(user, "file-1");
      keep(user, "file-2");
    }
    remembered.forget(new Instance.Id(new UUID(1, 2)), name("file-1"));
    remembered.forget(SERVICE, new ObjectName(ObjectKind.BATCHES, "file-1"));
    assertThat(remembers(BOB, "file-1")).isTrue();

    remembered.forget(SERVICE, name("file-1"));

    for (User.Id user : new User.Id[] {BOB, EVE}) {
      assertThat(remembers(user, "file-1")).isFalse();
      assertThat(remembers(user, "file-2")).isTrue();
    }
  }

  /** Calls of others wait meanwhile. */
  @Test
  void forgets_one_object_without_looking_at_those_of_others() {
    for (int user = 0; user < 4; user++) {
      for (int i = 0; i < 4_000; i++) {
        keep(new User.Id(new UUID(4, user)), "file-" + user + "-" + i);
      }
    }

    // The CPU time of this thread does not depend on what else the machine does.
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    IntStream.range(0, 10_000).forEach(i -> remembered.forget(SERVICE, name("x" + i)));
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;

    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void does_not_remember_what_is_not_there() {
    remembered.keep(
        remembered.generation(),
        SERVICE,
        BOB,
        new Entry(name("file-1"), Optional.empty(), Optional.empty(), Optional.empty()));

    assertThat(remembers(BOB, "file-1")).isFalse();
  }

  @Test
  void one_user_displaces_only_their_own() {
    keep(EVE, "file-1");
    for (int i = 0; i < 20_000; i++) {
      keep(BOB, "file-" + i);
    }

    assertThat(remembers(EVE, "file-1")).isTrue();
    assertThat(remembers(BOB, "file-19999")).isTrue();
    assertThat(remembers(BOB, "file-0")).isFalse();
  }

  private void keep(User.Id user, String id) {
    remembered.keep(remembered.generation(), SERVICE, user, entry(id));
  }

  private boolean remembers(User.Id user, String id) {
    return remembered.find(SERVICE, user, name(id)).isPresent();
  }

  private static Entry entry(String id) {
    return new Entry(
        name(id),
        Optional.empty(),
        Optional.of(new SharedObject(SharedObject.Access.REFER, EVE.value(), true)),
        Optional.of(SUBJECT));
  }

  private static ObjectName name(String id) {
    return new ObjectName(ObjectKind.FILES, id);
  }
}
