package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.credentials.CredentialUpdate.Ruling;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A write to an instance, after its result was determined and its secrets were sealed.
 *
 * @param differing the fields whose values the write changes
 * @param ruling the effect of the write on the stored secret or confirmation of the credential
 * @param clearsKind whether the write sets the kind of the credential to {@code api_key} without
 *     storing a key
 * @param movesUserKeys whether the write deletes the keys that users stored for the instance
 * @param sameAccount whether calls still reach the same account at the provider after the write
 */
record PlannedWrite(
    Instance after,
    Set<InstanceField> differing,
    Ruling ruling,
    SecretAction headers,
    boolean clearsKind,
    boolean movesUserKeys,
    Optional<Boolean> sameAccount,
    SecretChange keyChange,
    SecretChange headersChange) {

  SecretAction key() {
    return SecretUpdates.action(ruling);
  }

  /**
   * Whether the write leaves the stored key or the stored custom headers of the instance unchanged.
   */
  boolean keepsSecrets(Instance before) {
    return (before.hasApiKey() && key() == SecretAction.KEEP)
        || (!before.customHeaderNames().isEmpty() && headers == SecretAction.KEEP);
  }

  /** Returns this write after its secrets were sealed again. */
  PlannedWrite with(SecretChange key, SecretChange itsHeaders) {
    return new PlannedWrite(
        after, differing, ruling, headers, clearsKind, movesUserKeys, sameAccount, key, itsHeaders);
  }

  /**
   * Returns the write as text.
   *
   * @param image the image of the instance after the write; an image is a text with an instance and
   *     its sealed values
   */
  String text(String image) {
    String fields = differing.stream().map(Enum::name).collect(Collectors.joining(","));
    return String.join(
            " ",
            ruling.name(),
            headers.name(),
            Boolean.toString(clearsKind),
            Boolean.toString(movesUserKeys),
            sameAccount.map(Object::toString).orElse("-"),
            "," + fields)
        + "\n"
        + image;
  }

  /**
   * Reads a write from the text that {@link #text} returned.
   *
   * @throws RefusedException if something that the write names was deleted after the write was
   *     converted to text
   */
  static PlannedWrite of(String text, InstanceStore instances, Actor asker, Instant now) {
    int end = text.indexOf('\n');
    List<String> parts = List.of(text.substring(0, end).split(" ", -1));
    InstanceStore.VisibleInstance made =
        instances
            .ofImage(text.substring(end + 1), asker.id(), now)
            .orElseThrow(
                () ->
                    RefusedException.conflict(
                        "lapsed", "The API standard of the changed service has been deleted."));
    Ruling ruling = Ruling.valueOf(parts.get(0));
    SecretAction headers = SecretAction.valueOf(parts.get(1));
    Set<InstanceField> differing = EnumSet.noneOf(InstanceField.class);
    for (String name : parts.get(5).split(",", -1)) {
      if (!name.isEmpty()) {
        differing.add(InstanceField.valueOf(name));
      }
    }
    return new PlannedWrite(
        made.instance(),
        differing,
        ruling,
        headers,
        Boolean.parseBoolean(parts.get(2)),
        Boolean.parseBoolean(parts.get(3)),
        parts.get(4).equals("-") ? Optional.empty() : Optional.of(parts.get(4).equals("true")),
        change(SecretUpdates.action(ruling), made.keys().apiKey()),
        change(headers, made.keys().headers()));
  }

  private static SecretChange change(SecretAction action, Optional<SealedValue> sealed) {
    return switch (action) {
      case KEEP -> new SecretChange.Keep();
      case CLEAR -> new SecretChange.Clear();
      case REPLACE -> new SecretChange.Replace(sealed.orElseThrow());
    };
  }
}
