package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");
  private final Instance before = write.withKeyAndHeaders(alice, "s");

  @Test
  void a_change_counts_the_version_up() {
    assertThat(
            InstanceWrites.written(patch(Precondition.NONE, InstanceWriteBuilder.of().timeout(5)))
                .version())
        .isEqualTo(2);
  }

  @Test
  void a_replaced_key_counts_the_version_up() {
    assertThat(
            InstanceWrites.written(patch(Precondition.NONE, InstanceWriteBuilder.of().key()))
                .version())
        .isEqualTo(2);
  }

  @Test
  void what_changes_nothing_leaves_version_and_time() {
    w.claviger.clock().advance(Duration.ofHours(1));

    Instance after =
        InstanceWrites.written(
            patch(Precondition.NONE, InstanceWriteBuilder.of().timeout(600_000)));

    assertThat(after).isEqualTo(before);
    assertThat(w.now(before.ref())).isEqualTo(before);
  }

  @Test
  void what_changes_nothing_is_not_on_record() {
    InstanceWrites.written(patch(Precondition.NONE, InstanceWriteBuilder.of().timeout(600_000)));

    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void what_was_read_and_is_sent_back_replaces_nothing() {
    Instance after =
        InstanceWrites.written(put(Precondition.NONE, InstanceWriteBuilder.back(before)));

    assertThat(after).isEqualTo(before);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void what_was_read_and_is_sent_back_merges_nothing() {
    Instance after =
        InstanceWrites.written(patch(Precondition.NONE, InstanceWriteBuilder.back(before)));

    assertThat(after).isEqualTo(before);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void what_is_read_from_a_definition_and_sent_back_changes_nothing() {
    Instance made =
        InstanceWrites.written(
            write.put(
                w.as(alice),
                "alice/d",
                InstanceWriteBuilder.of().from("_system/openai-large").key()));
    w.forget();

    Instance after =
        InstanceWrites.written(write.put(w.as(alice), "alice/d", InstanceWriteBuilder.back(made)));

    assertThat(after).isEqualTo(made);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void clearing_what_is_not_stored_changes_nothing() {
    Instance bare = w.stored(AnInstance.of(alice, "bare").build());

    Instance after =
        InstanceWrites.written(
            write.patch(
                w.as(alice),
                "alice/bare",
                InstanceWriteBuilder.of().clearingTheKey().clearingTheHeaders()));

    assertThat(after).isEqualTo(bare);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void the_version_that_stands_may_be_changed() {
    assertThat(patch(Precondition.version(1), InstanceWriteBuilder.of().timeout(5)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    InstanceWrites.written(patch(Precondition.NONE, InstanceWriteBuilder.of().timeout(5)));

    assertThat(because(patch(Precondition.version(1), InstanceWriteBuilder.of().timeout(6))))
        .isEqualTo("precondition_failed");
    assertThat(because(put(Precondition.version(1), InstanceWriteBuilder.openAi())))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_version_is_demanded_before_anything_is_judged() {
    assertThat(because(put(Precondition.version(7), InstanceWriteBuilder.of())))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_service_that_is_there_is_not_created_only() {
    assertThat(because(put(Precondition.CREATE_ONLY, InstanceWriteBuilder.openAi())))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_service_that_is_not_there_is_created_only() {
    assertThat(
            write.put(
                w.as(alice), "alice/new", Precondition.CREATE_ONLY, InstanceWriteBuilder.openAi()))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_service_that_is_not_there_is_not_changed_only() {
    assertThat(
            because(
                write.put(
                    w.as(alice),
                    "alice/new",
                    Precondition.CHANGE_ONLY,
                    InstanceWriteBuilder.openAi())))
        .isEqualTo("precondition_failed");
    assertThat(
            because(
                write.put(
                    w.as(alice),
                    "alice/new",
                    Precondition.version(1),
                    InstanceWriteBuilder.openAi())))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_failed_precondition_is_on_record() {
    Outcome<WrittenInstance> unused = put(Precondition.CREATE_ONLY, InstanceWriteBuilder.openAi());

    assertThat(w.recorded())
        .containsExactly("service.update refused alice/s [precondition_failed]");
  }

  private Outcome<WrittenInstance> put(Precondition condition, InstanceWriteBuilder what) {
    return write.put(w.as(alice), "alice/s", condition, what);
  }

  private Outcome<WrittenInstance> patch(Precondition condition, InstanceWriteBuilder what) {
    return write.patch(w.as(alice), "alice/s", condition, what);
  }
}
