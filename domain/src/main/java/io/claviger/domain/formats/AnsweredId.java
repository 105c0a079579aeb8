package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;

/**
 * A place in an answer that states the id of an object. In a stream, each event is searched for
 * these places.
 *
 * @param place the names of members, separated by dots; {@code []} stands for the elements of an
 *     array
 * @param kind the kind of the object
 * @param role which object the id names
 * @param prefix the text before the id, such as {@code files/}
 */
public record AnsweredId(String place, ObjectKind kind, Role role, String prefix) {
  /** Which object an id names. */
  public enum Role {
    /** The object that the operation created, or that the path names. */
    SELF,
    /** A part of that object, such as an item of a response. */
    PART,
    /** An additional object of the provider, such as the file with the output of a batch. */
    FURTHER
  }

  /** Returns the place of the id of the object that the operation created or the path names. */
  static AnsweredId self(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.SELF, "");
  }

  /** Returns the place of the id of a part of the object. */
  public static AnsweredId part(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.PART, "");
  }

  /** Returns the place of the id of an additional object of the provider. */
  public static AnsweredId further(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.FURTHER, "");
  }

  /** Returns the same place with another prefix before the id. */
  public AnsweredId prefixed(String beforeId) {
    return new AnsweredId(place, kind, role, beforeId);
  }

  /** Returns the names in the path of the place, outermost first. */
  public List<String> names() {
    return List.of(place.split("\\."));
  }
}
