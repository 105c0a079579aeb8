package io.claviger.web.objects;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import java.util.Optional;

/**
 * The last part of the paths of objects: {@code /{kind}/{id}}. The server refuses ids that contain
 * slashes. No id in the ledger contains a slash.
 */
final class ObjectPath {
  static final String END = "/{kind}/{id}";

  private ObjectPath() {}

  /** Returns the object's name in the path. If no object can have the name, the answer is 404. */
  static ObjectName name(ApiCall call) {
    return ObjectKind.named(call.text("kind"))
        .flatMap(kind -> name(kind, call.text("id")))
        .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  /**
   * Returns the object's name in the path of a write.
   *
   * @throws InvalidInput if objects of the kind can't be shared, or if no object can have the name
   */
  static ObjectName shareable(ApiCall call) {
    ObjectKind kind =
        ObjectKind.named(call.text("kind"))
            .filter(SharedObject::isShareable)
            .orElseThrow(
                () ->
                    new InvalidInput(
                        new Fault(
                            "/kind", "invalid_value", String.join(", ", SharedObject.KINDS))));
    String id = call.text("id");
    try {
      return new ObjectName(kind, id);
    } catch (InvalidValue e) {
      throw new InvalidInput(new Fault("/id", "invalid_value", e.allowed()));
    }
  }

  private static Optional<ObjectName> name(ObjectKind kind, String id) {
    return ObjectName.isId(id) ? Optional.of(new ObjectName(kind, id)) : Optional.empty();
  }
}
