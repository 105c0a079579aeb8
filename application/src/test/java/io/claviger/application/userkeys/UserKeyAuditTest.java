package io.claviger.application.userkeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Outcome;
import io.claviger.application.userkeys.UserKeys.SavedUserKey;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.instances.Instance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Audit events about users' own keys belong to the user and contain no key. */
class UserKeyAuditTest {
  private final UserKeyFixture h = new UserKeyFixture();
  private final Wiring w = h.w;

  @Test
  void storing_replacing_and_deleting_are_on_record() {
    Outcome<SavedUserKey> first = h.store(h.bob);
    Outcome<SavedUserKey> second = h.store(h.bob);
    Outcome<Instance.Ref> gone = h.delete(w.as(h.bob));

    assertThat(w.recorded())
        .containsExactly(
            "user_key.create done alice/s [api_key]",
            "user_key.update done alice/s [api_key]",
            "user_key.delete done alice/s [api_key]");
    assertThat(new Object[] {first, second, gone}).doesNotContainNull();
  }

  @Test
  void each_event_belongs_to_the_user_and_not_to_the_owner_of_the_service() {
    Outcome<SavedUserKey> first = h.store(h.bob);
    Outcome<SavedUserKey> second = h.store(h.bob);
    Outcome<Instance.Ref> gone = h.delete(w.as(h.bob));
    Outcome<SavedUserKey> refused = h.store(w.as(h.bob), h.service.ref(), "https://x.example.org");
    Outcome<Instance.Ref> forbidden = h.delete(w.using(h.bob));

    assertThat(w.events())
        .hasSize(5)
        .extracting(AuditEvent::target)
        .allSatisfy(t -> assertThat(t.owner()).contains(h.bob.id()));
    assertThat(new Object[] {first, second, gone, refused, forbidden}).doesNotContainNull();
  }

  @Test
  void an_event_names_the_service() {
    Outcome<SavedUserKey> unused = h.store(h.bob);

    assertThat(w.events().get(0).target())
        .isEqualTo(
            new AuditTarget(
                "user_key",
                Optional.of(h.service.id().value()),
                "alice/s",
                Optional.of(h.bob.id())));
  }

  @Test
  void deleting_none_is_not_on_record() {
    Outcome<Instance.Ref> unused = h.delete(w.as(h.bob));

    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<SavedUserKey> elsewhere =
        h.store(w.as(h.bob), h.service.ref(), "https://x.example.org");
    Outcome<SavedUserKey> unseen = h.store(h.carol);
    Outcome<Instance.Ref> forbidden = h.delete(w.using(h.bob));

    assertThat(w.recorded())
        .containsExactly(
            "user_key.create refused alice/s [destination_differs]",
            "user_key.create refused alice/s [not_found]",
            "user_key.delete refused alice/s [forbidden]");
    assertThat(new Object[] {elsewhere, unseen, forbidden}).doesNotContainNull();
  }

  @Test
  void no_value_is_on_record_or_printed() {
    Outcome<SavedUserKey> stored = h.store(h.bob);
    Outcome<SavedUserKey> refused = h.store(w.as(h.bob), h.service.ref(), "https://x.example.org");

    assertThat(w.claviger.auditEvents().toString()).doesNotContain(Wiring.CANARY);
    assertThat(stored.toString() + refused).doesNotContain(Wiring.CANARY);
  }
}
