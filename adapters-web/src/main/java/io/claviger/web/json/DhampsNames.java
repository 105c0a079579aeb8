package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of some fields in dhamps-vdb. Clients of dhamps-vdb can continue to use these names
 * with Claviger. A write may use the names of dhamps-vdb instead of the names in Claviger. Answers
 * contain these fields under both names if the caller requests the names of dhamps-vdb.
 *
 * @param names a map from each name in dhamps-vdb to the name in Claviger
 */
public record DhampsNames(Map<String, String> names) {
  /** The query parameter with which callers request the names of dhamps-vdb. */
  public static final String PARAMETER = "names";

  public static final DhampsNames OF_SERVICES =
      new DhampsNames(renamed("instance_id", "instance_handle"));
  public static final DhampsNames OF_DEFINITIONS =
      new DhampsNames(renamed("definition_id", "definition_handle"));

  /**
   * Reads the query parameter {@value #PARAMETER}.
   *
   * @throws InvalidValue if the parameter does not request the names of dhamps-vdb
   */
  public static boolean wanted(String text) {
    if (!text.equals("dhamps")) {
      throw new InvalidValue(PARAMETER, "dhamps");
    }
    return true;
  }

  /**
   * Returns an ordered map, so that faults and answers always list the fields in the same order.
   */
  private static Map<String, String> renamed(String id, String handle) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put(id, "id");
    names.put(handle, "handle");
    return Collections.unmodifiableMap(names);
  }

  /** Lets a write use the names of dhamps-vdb. */
  public void allowIn(JsonObject fields) {
    names.forEach(fields::otherName);
  }

  /** Adds the fields to an answer under their names in dhamps-vdb. */
  public Map<String, @Nullable Object> addTo(Map<String, @Nullable Object> answer) {
    Map<String, @Nullable Object> both = new LinkedHashMap<>(answer);
    names.forEach((old, name) -> both.put(old, answer.get(name)));
    if (answer.get("definition") instanceof String definition) {
      int slash = definition.indexOf('/');
      both.put("definition_owner", definition.substring(0, slash));
      both.put("definition_handle", definition.substring(slash + 1));
    }
    return both;
  }
}
