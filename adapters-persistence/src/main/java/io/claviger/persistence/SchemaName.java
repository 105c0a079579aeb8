package io.claviger.persistence;

import io.claviger.domain.InvalidValue;
import java.util.regex.Pattern;

/**
 * The name of a PostgreSQL schema: 1 to 63 of the characters {@code a-z 0-9 _}, beginning with a
 * letter or an underscore. The name can be a keyword of SQL, such as {@code user}. The names of
 * PostgreSQL's own schemas are refused.
 */
public record SchemaName(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /** The schema that every PostgreSQL database contains. */
  public static final SchemaName PUBLIC = new SchemaName("public");

  /**
   * @throws InvalidValue if the text can't be the name of a schema
   */
  public SchemaName {
    if (!SHAPE.matcher(value).matches()
        || value.startsWith("pg_")
        || value.equals("information_schema")) {
      throw new InvalidValue(
          "schema",
          "1 to 63 characters, each of them a-z, 0-9 or _; the first one is a letter or _; and none of"
              + " PostgreSQL's own schemas");
    }
  }

  /**
   * Returns the name in quotes, for use in statements. Without quotes, a name that is a keyword
   * would not be read as a name.
   */
  String quoted() {
    return '"' + value + '"';
  }

  @Override
  public String toString() {
    return value;
  }
}
