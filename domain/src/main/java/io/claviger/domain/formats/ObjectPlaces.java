package io.claviger.domain.formats;

import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.objects.IdForm;
import java.util.Set;

/**
 * The places in which requests of a format refer to objects at the provider, and those in which
 * they never do. Paths are those of operations below a service.
 *
 * @param body the whole body of a request
 * @param form the form of ids, by which they are recognised in places that are not known
 * @param without the last segments of the paths of operations whose bodies can't refer to anything
 * @param tools what is known of tools by their types
 */
public record ObjectPlaces(ObjectPlace body, IdForm form, Set<String> without, ToolTypes tools) {
  /** The places of a format whose providers keep nothing that a request could name. */
  public static final ObjectPlaces NONE =
      new ObjectPlaces(
          ObjectPlace.of("", Meaning.OPAQUE, ObjectMembers.everywhere()),
          IdForm.NONE,
          Set.of(),
          ToolTypes.ANY);

  static ObjectPlaces of(ObjectMembers body, IdForm form, String without) {
    return of(body, form, without, ToolTypes.ANY);
  }

  static ObjectPlaces of(ObjectMembers body, IdForm form, String without, ToolTypes tools) {
    return new ObjectPlaces(
        ObjectPlace.of("", Meaning.UNKNOWN, body), form, KnownMembers.names(without), tools);
  }

  /** The same places, with ids of another form elsewhere. */
  ObjectPlaces with(IdForm other) {
    return new ObjectPlaces(body, other, without, tools);
  }

  /** Whether requests refer to objects at all. */
  public boolean exist() {
    return body.meaning() != Meaning.OPAQUE;
  }

  /** Whether the body of a request on this path may refer to objects. */
  public boolean areInBody(String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    return exist() && !without.contains(path.substring(last));
  }
}
