package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;

/**
 * A member of an answer. The member states the id of an object, and is described by its place: the
 * path of names that leads to the member. In a stream, each event is searched for such members.
 *
 * @param place the names of members, separated by dots; {@code []} stands for the elements of an
 *     array
 * @param kind the kind of the object
 * @param role which object the id names
 * @param prefix the text before the id, such as {@code files/}
 * @param purpose the purpose of all objects whose ids are in this place, such as {@code batch};
 *     empty if it is unknown
 */
public record AnsweredId(
    String place, ObjectKind kind, Role role, String prefix, Optional<String> purpose) {
  /** The relationship between the operation and the object whose id the member states. */
  public enum Role {
    /**
     * The operation's object: the object that the operation created, or that is named in the path.
     */
    SELF,
    /** A part of the operation's object, such as an item of a response. */
    PART,
    /**
     * A part of the operation's object, such as the audio that a model has spoken. The provider
     * keeps this part for a while even if it does not store the object.
     */
    LASTING_PART,
    /** Another object at the provider, such as the file with the output of a batch. */
    FURTHER
  }

  /** Returns the place of the id that belongs to the operation's object itself. */
  static AnsweredId self(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.SELF, "", Optional.empty());
  }

  /**
   * Returns the place of the id that belongs to a part of the object, such as an item of a
   * response.
   */
  public static AnsweredId part(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.PART, "", Optional.empty());
  }

  /**
   * Returns the place of the id that belongs to a part of the object. The provider keeps this part
   * for a while even if it does not store the object.
   */
  static AnsweredId lastingPart(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.LASTING_PART, "", Optional.empty());
  }

  /** Returns the place of the id that belongs to another object at the provider. */
  public static AnsweredId further(ObjectKind kind, String place) {
    return new AnsweredId(place, kind, Role.FURTHER, "", Optional.empty());
  }

  /** Returns a copy of this place with another prefix before the id. */
  public AnsweredId prefixed(String beforeId) {
    return new AnsweredId(place, kind, role, beforeId, purpose);
  }

  /** Returns a copy of this place for ids whose objects all have the given purpose. */
  AnsweredId serving(String everyPurpose) {
    return new AnsweredId(place, kind, role, prefix, Optional.of(everyPurpose));
  }

  /** Returns the names in the path of the place, outermost first. */
  public List<String> names() {
    return List.of(place.split("\\."));
  }
}
