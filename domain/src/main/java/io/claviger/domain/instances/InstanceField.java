package io.claviger.domain.instances;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.KeyLabel;
import io.claviger.domain.Note;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.ScalarForm.Flag;
import io.claviger.domain.instances.ScalarForm.Text;
import io.claviger.domain.instances.ScalarForm.WholeNumber;
import io.claviger.domain.sharing.Action;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The fields of an instance that can be written, in the order in which they are shown. Each stands
 * here once with all that is particular to it; rights, differences, JSON and columns follow from
 * this list.
 *
 * <p>A new scalar field of an instance is one constant here with {@link Shape#own} or {@link
 * Shape#optional}, and a column of the same name.
 */
public enum InstanceField {
  DISPLAY_NAME(
      Action.DESCRIBE,
      Shape.own(
          new Text<>(DisplayName::new, DisplayName::value),
          handle -> new DisplayName(handle.value()))),
  DESCRIPTION(Action.DESCRIBE, Shape.copied(f -> Optional.of(f.description().value()))),
  NOTE(Action.DESCRIBE, Shape.optional(new Text<>(Note::new, Note::value))),
  DEFINITION(Action.DESCRIBE, Shape.composed(InstanceSettings::definition)),
  PROVIDER(Action.CONFIGURE, Shape.copied(f -> Optional.of(f.provider().wireName()))),
  API_STANDARD(Action.CONFIGURE, Shape.copied(f -> Optional.of(f.apiStandard().value()))),
  ENDPOINT(Action.CONFIGURE, Shape.copied(f -> Optional.of(f.endpoint().url()))),
  MODEL(Action.DESCRIBE, Shape.copied(f -> Optional.of(f.model().value()))),
  DIMENSIONS(Action.DESCRIBE, Shape.copied(f -> f.dimensions().map(Dimensions::value))),
  CONTEXT_LIMIT(Action.DESCRIBE, Shape.copied(f -> f.contextLimit().map(ContextLimit::value))),
  TIMEOUT_MS(
      Action.DESCRIBE,
      Shape.own(new WholeNumber<>(Timeout::new, Timeout::millis), handle -> Timeout.DEFAULT)),
  ORGANIZATION(
      Action.CONFIGURE, Shape.optional(new Text<>(Organization::new, Organization::value))),
  STREAM_USAGE(Action.CONFIGURE, Shape.optional(new Flag())),
  CUSTOM_HEADERS(Action.CONFIGURE, Shape.secret()),
  ENABLED(Action.SWITCH, Shape.own(new Flag(), handle -> true)),
  KEY_POLICY(Action.CONFIGURE, Shape.composed(InstanceSettings::keyPolicy)),
  LIMITS(Action.CONFIGURE, Shape.composed(InstanceSettings::limits)),
  BUDGETS_IN_ALL(Action.BUDGET_IN_ALL, Shape.composed(InstanceSettings::budgetsInAll)),
  /** A file may delete what bears its name, so setting that name takes the right to delete. */
  APPLIED_BY(Action.DELETE, Shape.optional(new Text<>(AppliedBy::new, AppliedBy::value))),
  API_KEY_VERSION(Action.CONFIGURE, Shape.optional(new Text<>(KeyLabel::new, KeyLabel::value))),
  API_KEY(Action.SET_KEY, Action.CLEAR_KEY, Shape.secret());

  private static final List<InstanceField> OWN =
      Stream.of(values()).filter(f -> f.shape.kind == Kind.OWN).toList();

  private final Action needed;
  private final Action neededToClear;
  private final Shape<?> shape;

  InstanceField(Action needed, Shape<?> shape) {
    this(needed, needed, shape);
  }

  InstanceField(Action needed, Action neededToClear, Shape<?> shape) {
    this.needed = needed;
    this.neededToClear = neededToClear;
    this.shape = shape;
  }

  /** Where the value of a field comes from. */
  private enum Kind {
    /** It belongs to the instance alone, and has a column with the field's name. */
    OWN,
    /** Definitions have it too, and an instance can copy it from one. */
    COPIED,
    /** It consists of several values, which are written and stored in their own way. */
    COMPOSED,
    /** It is sealed, stored with the settings, and never shown. */
    SECRET
  }

  /**
   * What a field holds.
   *
   * @param form how one of the instance's own fields is written down
   * @param whenNew the value of a new instance, by its handle, unless one is given; empty for none
   * @param read reads any other field from the settings; a copied one as it is written down
   */
  private record Shape<V>(
      Kind kind,
      Optional<ScalarForm<V>> form,
      Optional<Function<Handle, V>> whenNew,
      Function<InstanceSettings, Optional<?>> read) {

    /** A field of its own that always has a value. */
    static <V> Shape<V> own(ScalarForm<V> form, Function<Handle, V> whenNew) {
      return new Shape<>(
          Kind.OWN, Optional.of(form), Optional.of(whenNew), settings -> Optional.empty());
    }

    /** A field of its own that null clears. */
    static <V> Shape<V> optional(ScalarForm<V> form) {
      return new Shape<>(
          Kind.OWN, Optional.of(form), Optional.empty(), settings -> Optional.empty());
    }

    static Shape<?> copied(Function<DefinitionFields, Optional<?>> read) {
      return new Shape<>(
          Kind.COPIED,
          Optional.empty(),
          Optional.empty(),
          settings -> read.apply(settings.fields()));
    }

    static Shape<?> composed(Function<InstanceSettings, Object> read) {
      return new Shape<>(
          Kind.COMPOSED,
          Optional.empty(),
          Optional.empty(),
          settings -> Optional.of(read.apply(settings)));
    }

    static Shape<?> secret() {
      return new Shape<>(
          Kind.SECRET, Optional.empty(), Optional.empty(), settings -> Optional.empty());
    }

    @SuppressWarnings("unchecked") // What one of the own fields holds is checked where it is set.
    Object plain(Object value) {
      return form.orElseThrow().plain((V) value);
    }
  }

  /** The scalar fields that belong to the instance alone, each with a column of the same name. */
  public static List<InstanceField> own() {
    return OWN;
  }

  /** The action that a user must be allowed to take to change this field. */
  public Action needed() {
    return needed;
  }

  /** The action that a user must be allowed to take to remove this field's value. */
  public Action neededToClear() {
    return neededToClear;
  }

  /** The name in JSON, in the audit trail and, for the instance's own fields, of the column. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether one of the instance's own fields may have no value. */
  public boolean isNullable() {
    return shape.whenNew.isEmpty();
  }

  /**
   * Whether a replacement that does not mention the field leaves it as it is. So a program that
   * does not know these fields can replace a service and keeps what a file set there.
   */
  boolean staysInReplacement() {
    return this == APPLIED_BY || this == API_KEY_VERSION;
  }

  /**
   * How one of the instance's own fields is written down.
   *
   * @throws java.util.NoSuchElementException when it is another field
   */
  public ScalarForm<?> form() {
    return shape.form.orElseThrow();
  }

  /** The value of an own or a copied field as it is written down; empty where there is none. */
  public Optional<?> plain(InstanceSettings settings) {
    return shape.kind == Kind.OWN
        ? settings.own().get(this).map(shape::plain)
        : shape.read.apply(settings);
  }

  /** What two versions of the settings are compared by. */
  Optional<?> of(InstanceSettings settings) {
    return shape.kind == Kind.OWN ? settings.own().get(this) : shape.read.apply(settings);
  }

  /** The value of one of its own fields in a new instance, unless it is given. */
  Optional<Object> whenNew(Handle handle) {
    return shape.whenNew.map(value -> value.apply(handle));
  }

  /**
   * Whether a value of one of the instance's own fields is as good as none.
   *
   * @throws ClassCastException when it is not a value of this field
   */
  boolean isNothing(Object value) {
    return shape.plain(value).equals("") && isNullable();
  }
}
