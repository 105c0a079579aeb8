package io.claviger.console.page;

import io.claviger.domain.Field;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows the scalar fields of a resource as inputs of a form and as facts on a page. */
public final class FieldInputs {
  private static final int LONGEST_LINE = 2_048;
  private static final int LONGEST_AREA = 20_000;

  private FieldInputs() {}

  /**
   * One of the values from which the user chooses.
   *
   * @param value the value that the form sends; empty if the choice means no value
   */
  public record Choice(String value, String label) {}

  /** The choices for the value of a field; empty if the user types the value. */
  public static List<Choice> choices(ScalarField<?> field) {
    List<Choice> choices = new ArrayList<>();
    if (field.form() instanceof ScalarForm.Flag) {
      choices.add(new Choice("true", words("true")));
      choices.add(new Choice("false", words("false")));
    } else {
      field.words().choices().forEach(value -> choices.add(new Choice(value, chosen(value))));
    }
    if (field.isNullable() && !choices.isEmpty()) {
      choices.addFirst(new Choice("", "not set"));
    }
    return choices;
  }

  /**
   * Whether a form shows this choice as the chosen one. If the form has no value for the field, the
   * field's default value is chosen. Otherwise, the browser would send the first choice.
   */
  public static boolean isChosen(FormState form, ScalarField<?> field, Choice choice) {
    FormState shown = form.has(field.name()) ? form : ofNew(List.of(field));
    return shown.chose(field.name(), choice.value());
  }

  /**
   * Reads the values of a new resource's scalar fields from a form. A field that the form does not
   * contain is absent from the result. An empty input leaves an optional field without a value. If
   * the values of a text field may be empty, an empty input sets the field to the empty text. Any
   * other field with an empty input is absent, so that it gets its default value.
   */
  public static FieldWrites read(Fields form, List<ScalarField<?>> fields) {
    FieldWrites writes = FieldWrites.NONE;
    for (ScalarField<?> field : fields) {
      writes = with(writes, form, field);
    }
    return writes;
  }

  /**
   * Reads the changes of a resource's scalar fields from a form. A field that the form does not
   * contain is absent from the result. A field that the user did not change keeps the stored value
   * with its surrounding spaces. Surrounding spaces are removed from typed values. An empty input
   * clears an optional field. If the values of a text field may be empty, an empty input sets the
   * field to the empty text. Any other field must not be empty.
   *
   * @param stored the stored values
   */
  public static FieldWrites changes(Fields form, FieldValues stored, List<ScalarField<?>> fields) {
    Map<String, String> shown = shown(stored, fields);
    FieldWrites writes = FieldWrites.NONE;
    for (ScalarField<?> field : fields) {
      writes = with(writes, form, stored, field, shown.getOrDefault(field.name(), ""));
    }
    return writes;
  }

  private static <V> FieldWrites with(
      FieldWrites writes, Fields form, FieldValues stored, ScalarField<V> field, String shown) {
    Optional<V> value = stored.get(field);
    if (value.isPresent() && form.isStill(field.name(), shown)) {
      return writes.with(field, Field.of(value.get()));
    }
    FieldWrites read = with(writes, form, field);
    if (value.isPresent() && form.isCleared(field.name()) && read.get(field).isAbsent()) {
      form.missing(field.name(), "This field can't be empty.");
    }
    return read;
  }

  private static <V> FieldWrites with(FieldWrites writes, Fields form, ScalarField<V> field) {
    Field<V> write = form.write(field.name(), text -> field.form().typed(text));
    boolean cleared = write instanceof Field.Null<V> && !field.isNullable();
    return writes.with(field, cleared ? empty(field) : write);
  }

  private static <V> Field<V> empty(ScalarField<V> field) {
    return field
        .whenNew()
        .filter(value -> text(field, field.plain(value)).isEmpty())
        .map(Field::of)
        .orElseGet(Field::absent);
  }

  /**
   * Returns the names of all inputs of a form: the names of the resource's fields, and the given
   * further names.
   */
  public static Set<String> names(List<ScalarField<?>> fields, String... more) {
    return Stream.concat(fields.stream().map(ScalarField::name), Stream.of(more))
        .collect(Collectors.toSet());
  }

  /** Returns the form for a new resource, in which each field has its default value. */
  public static FormState ofNew(List<ScalarField<?>> fields) {
    return FormState.of(shown(FieldValues.defaults(fields), fields));
  }

  public static Map<String, String> shown(FieldValues values, List<ScalarField<?>> fields) {
    Map<String, String> shown = new LinkedHashMap<>();
    fields.forEach(
        field ->
            shown.put(
                field.name(), values.plain(field).map(value -> typed(field, value)).orElse("")));
    return shown;
  }

  /**
   * Returns the differences between the values in a sent form and the stored values. A field that
   * the form does not contain counts as unchanged.
   */
  public static List<Difference> differing(
      FormState sent, FieldValues stored, List<ScalarField<?>> fields) {
    return Difference.between(
        sent,
        shown(stored, fields),
        fields.stream().map(ScalarField::name).filter(sent::has).toList());
  }

  /**
   * Returns the number of characters that people can type into a field's input. The number is at
   * least the maximum length of a value.
   */
  public static int longest(ScalarField<?> field) {
    return field.words().longText() || field.form() instanceof ScalarForm.Texts
        ? LONGEST_AREA
        : LONGEST_LINE;
  }

  /** Returns the value of a field in words; empty if the field has no value. */
  public static Optional<String> fact(FieldValues values, ScalarField<?> field) {
    return values.plain(field).map(value -> told(field, value)).filter(text -> !text.isEmpty());
  }

  private static String told(ScalarField<?> field, Object plain) {
    return switch (plain) {
      case Boolean flag -> words(flag.toString());
      case Integer number -> Numbers.shown(number);
      case Long number -> Numbers.shown(number);
      default -> field.words().choices().isEmpty() ? text(field, plain) : chosen(plain.toString());
    };
  }

  /** Returns the words by which pages show a value of the API from a list of choices. */
  private static String chosen(String value) {
    return value.replace('_', ' ');
  }

  /** Returns a value in the form in which people type it. */
  private static String typed(ScalarField<?> field, Object plain) {
    return plain instanceof Map<?, ?> pairs
        ? String.join("\n", ScalarForm.Pairs.list(pairs))
        : text(field, plain);
  }

  /**
   * Returns a value as a page shows it. A list is shown in one line. An empty object is returned as
   * an empty text.
   */
  private static String text(ScalarField<?> field, Object plain) {
    if (field.form() instanceof ScalarForm.Tree && plain.equals("{}")) {
      return "";
    }
    if (plain instanceof Map<?, ?> pairs) {
      return String.join(", ", ScalarForm.Pairs.list(pairs));
    }
    return plain instanceof List<?> texts
        ? texts.stream().map(Object::toString).collect(Collectors.joining(", "))
        : plain.toString();
  }

  private static String words(String flag) {
    return flag.equals("true") ? "yes" : "no";
  }
}
