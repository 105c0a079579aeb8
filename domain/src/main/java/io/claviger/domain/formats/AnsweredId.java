package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;

/**
 * A place in an answer at which the id of an object is stated. In a stream, each event is searched
 * for the same places.
 *
 * @param place the names of members, separated by dots; {@code []} for the elements of an array
 * @param kind the kind of the object
 * @param role the object that the id names
 * @param prefix the text before the id, such as {@code files/}
 */
public record AnsweredId(String place, ObjectKind kind, Role role, String prefix) {
  /** The object that a stated id names. */
  public enum Role {
    /** The object that the operation created, or that the path names. */
    SELF,
    /** A part of that object, such as an item of a response. */
    PART,
    /**
     * An object that the provider made in addition, such as the file with the output of a batch.
     */
    FURTHER
  }

  /** Returns the place of the id of the object that the operation made, or that the path names. */
  static AnsweredId self(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.SELF, "");
  }

  /** Returns the place of the id of a part of the object. */
  public static AnsweredId part(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.PART, "");
  }

  /** Returns the place of the id of an object that the provider made in addition. */
  public static AnsweredId further(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.FURTHER, "");
  }

  /** Returns the same place with another prefix before the id. */
  public AnsweredId prefixed(String beforeId) {
    return new AnsweredId(place, kind, role, beforeId);
  }

  /** The names of the members around the place, outermost first. */
  public List<String> names() {
    return List.of(place.split("\\."));
  }
}
