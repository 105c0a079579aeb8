package io.claviger.application.audit.port;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.WrittenUuid;
import io.claviger.domain.audit.AuditTarget;
import java.util.UUID;

/** The user, service or other object whose events are listed. */
public sealed interface AuditSubject {
  int LONGEST = 300;

  boolean isOf(AuditTarget target);

  /**
   * The subject with this id, under all its names. If an attempt failed before its subject was
   * found, its event has no subject id. A search by id does not find such events.
   */
  record ById(UUID id) implements AuditSubject {
    @Override
    public boolean isOf(AuditTarget target) {
      return target.id().filter(id::equals).isPresent();
    }
  }

  /**
   * Everything that has the given name. For example, {@code alice/my-openai} can be the name of a
   * service or of a project.
   */
  record ByRef(String ref) implements AuditSubject {
    @Override
    public boolean isOf(AuditTarget target) {
      return target.ref().equals(ref);
    }
  }

  /**
   * Parses a subject. A text in the form of a UUID is treated as an id, and any other text as a
   * name.
   *
   * @throws InvalidValue when the text can be neither an id nor a name
   */
  static AuditSubject of(String text) {
    if (text.isBlank() || !Characters.isAtMost(LONGEST, text)) {
      throw new InvalidValue("target", "an id, or a name such as alice/my-openai");
    }
    return WrittenUuid.of(text).<AuditSubject>map(ById::new).orElseGet(() -> new ByRef(text));
  }
}
