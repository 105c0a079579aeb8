package io.claviger.domain.formats;

import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.objects.IdForm;
import java.util.Set;

/**
 * Says where a format's requests refer to objects at the provider, and where they never do. Paths
 * are relative to a service.
 *
 * @param body the whole body of a request
 * @param form the form by which ids are recognized in unknown members
 * @param without the operations whose bodies can't refer to anything, each given by the last
 *     segments of its path
 * @param tools the known types of tools
 */
public record ObjectPlaces(ObjectPlace body, IdForm form, Set<String> without, ToolTypes tools) {
  static ObjectPlaces of(ObjectMembers body, IdForm form) {
    return of(body, form, "", ToolTypes.ANY);
  }

  static ObjectPlaces of(ObjectMembers body, IdForm form, String without, ToolTypes tools) {
    return new ObjectPlaces(
        ObjectPlace.of("", Meaning.UNKNOWN, body), form, KnownMembers.names(without), tools);
  }

  /**
   * Returns a copy that recognizes ids in unknown members by the given form, and not by this
   * object's form.
   */
  ObjectPlaces with(IdForm other) {
    return new ObjectPlaces(body, other, without, tools);
  }

  /** Whether the body of a request with the given path can refer to objects. */
  public boolean areInBody(String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    return !without.contains(path.substring(last));
  }
}
