package io.claviger.application.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;

/** Writes services with few words. */
public final class InstanceWrites {
  private final Wiring wiring;

  public InstanceWrites(Wiring wiring) {
    this.wiring = wiring;
  }

  static Instance.Ref ref(String text) {
    return Instance.Ref.of(text);
  }

  Outcome<WrittenInstance> put(Actor actor, String ref, InstanceWriteBuilder write) {
    return put(actor, ref, Precondition.NONE, write);
  }

  Outcome<WrittenInstance> put(
      Actor actor, String ref, Precondition condition, InstanceWriteBuilder write) {
    return wiring.instances.put(actor, ref(ref), condition, write.command());
  }

  Outcome<WrittenInstance> patch(Actor actor, String ref, InstanceWriteBuilder write) {
    return patch(actor, ref, Precondition.NONE, write);
  }

  Outcome<WrittenInstance> patch(
      Actor actor, String ref, Precondition condition, InstanceWriteBuilder write) {
    return wiring.instances.patch(actor, ref(ref), condition, write.command());
  }

  /** The service after a write, which must have succeeded. */
  static Instance written(Outcome<WrittenInstance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().view().instance();
  }

  /** A user's service of OpenAI with a stored key, as they would register it themselves. */
  public Instance withKey(User owner, String handle) {
    Instance written =
        written(
            put(
                wiring.as(owner),
                owner.handle() + "/" + handle,
                InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key()));
    wiring.forget();
    return written;
  }

  /** Stores an instance with a key and header values. */
  public Instance withKeyAndHeaders(User owner, String handle) {
    Instance written =
        written(
            put(
                wiring.as(owner),
                owner.handle() + "/" + handle,
                InstanceWriteBuilder.openAi()
                    .endpoint("https://api.openai.com/v1")
                    .key()
                    .header("X-Team", "team-" + Wiring.CANARY)));
    wiring.forget();
    return written;
  }

  /** A system-level service with a stored key. */
  public Instance systemLevelWithKey(User administrator, String handle) {
    Instance written =
        written(
            put(
                wiring.as(administrator),
                "_system/" + handle,
                InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key()));
    wiring.forget();
    return written;
  }
}
