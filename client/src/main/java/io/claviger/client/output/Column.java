package io.claviger.client.output;

import io.claviger.client.json.JsonTrees;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A column of a table.
 *
 * @param number whether the column contains numbers, which are aligned to the right
 * @param whole whether the column's texts are never cut off; always true for a column with numbers
 * @param tone the function that returns the tone of a cell. The tone determines the cell's colour
 */
public record Column(
    String head,
    boolean number,
    boolean whole,
    Function<JsonNode, String> text,
    Function<JsonNode, Tone> tone) {
  public Column(String head, boolean number, Function<JsonNode, String> text) {
    this(head, number, number, text, item -> Tone.PLAIN);
  }

  public static Column of(String head, String field) {
    return new Column(head, false, item -> JsonTrees.optional(item, field).orElse("-"));
  }

  public static Column of(String head, Function<JsonNode, String> text) {
    return new Column(head, false, text);
  }

  public static Column number(String head, String field) {
    return new Column(head, true, item -> JsonTrees.optional(item, field).orElse("-"));
  }

  /** Returns a copy of this column with a function that determines the tone of each cell. */
  public Column meaning(Function<JsonNode, Tone> meant) {
    return new Column(head, number, whole, text, meant);
  }

  /**
   * Returns a copy of this column whose texts are never cut off. Such a column is for texts that
   * people need for a decision.
   */
  public Column inFull() {
    return new Column(head, number, true, text, tone);
  }

  /**
   * Returns a copy of this column in which numbers other than zero have the tone {@link Tone#CARE}.
   */
  public Column caringUnlessZero() {
    return meaning(item -> text.apply(item).matches("[-0.]*") ? Tone.PLAIN : Tone.CARE);
  }
}
