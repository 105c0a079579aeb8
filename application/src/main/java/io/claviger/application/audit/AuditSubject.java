package io.claviger.application.audit;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.AuditTarget;
import java.util.UUID;
import java.util.regex.Pattern;

/** What events are looked for that are about it. */
public sealed interface AuditSubject {
  int LONGEST = 300;
  Pattern UUID_SHAPE = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  boolean isOf(AuditTarget target);

  /**
   * One thing, whatever it was called. Attempts that did not get as far as finding it have none.
   */
  record ById(UUID id) implements AuditSubject {
    @Override
    public boolean isOf(AuditTarget target) {
      return target.id().filter(id::equals).isPresent();
    }
  }

  /** All that was called so: {@code alice/my-openai}, be it a service or a project. */
  record ByRef(String ref) implements AuditSubject {
    @Override
    public boolean isOf(AuditTarget target) {
      return target.ref().equals(ref);
    }
  }

  /**
   * What has the shape of a UUID is an id, everything else a name.
   *
   * @throws InvalidValue when it can be neither
   */
  static AuditSubject of(String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new InvalidValue("target", "an id, or a name such as alice/my-openai");
    }
    return UUID_SHAPE.matcher(text).matches() ? new ById(UUID.fromString(text)) : new ByRef(text);
  }
}
