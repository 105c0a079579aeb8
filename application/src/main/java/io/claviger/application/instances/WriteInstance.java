package io.claviger.application.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import java.util.OptionalInt;

/**
 * Registers, replaces or changes an instance.
 *
 * <p>Rights are judged by the fields whose value differs, so that what was read can be sent back. A
 * key and the values of custom headers are sealed to the destination: a write that moves it brings
 * them anew or clears them (conflict {@code key_bound_to_destination}), and one that brings them
 * names the endpoint they are for (fault {@code destination_required}). Another endpoint, API
 * standard, organization or other custom headers delete the keys that users stored for it. The
 * command's secrets stay the caller's to close.
 */
public interface WriteInstance {
  /**
   * Creates or replaces: absent fields take the definition's values or their defaults; secrets are
   * kept.
   */
  Outcome put(Actor actor, InstanceRef ref, Precondition precondition, Command command);

  /** Changes what is there: absent fields keep. */
  Outcome patch(Actor actor, InstanceRef ref, Precondition precondition, Command command);

  /**
   * @param apiKey absent keeps, null clears, a value replaces
   * @param customHeaders likewise, all of them together
   */
  record Command(
      Field<DefinitionRef> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders) {}

  /** The instance as the caller sees it now, or why not. */
  sealed interface Outcome {
    /**
     * @param userKeysRemoved how many users' own keys went because the service moved or changed
     *     what it sends; empty where it did not
     */
    record Written(InstanceView view, boolean created, OptionalInt userKeysRemoved)
        implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
