package io.claviger.console.page;

import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.pages.Visit;
import io.claviger.web.server.Form;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the fields of a form or of a query, and collects the faults of all fields. */
public final class Fields {
  public static final String SHOWN = "_shown";

  /**
   * The field that says whether calls after a change still use the same account at the provider.
   */
  public static final String SAME_ACCOUNT = "same_account";

  private final Set<String> names;
  private final Function<String, Optional<String>> values;
  private final List<Fault> faults = new ArrayList<>();

  private Fields(Set<String> names, Function<String, Optional<String>> values) {
    this.names = names;
    this.values = values;
  }

  public Fields(Form form) {
    this(form.names(), form::value);
  }

  public static Fields of(Map<String, String> values) {
    return new Fields(values.keySet(), name -> Optional.ofNullable(values.get(name)));
  }

  /** Returns the fields in the query of a page's address, such as filters. */
  public static Fields ofQuery(Visit visit) {
    return new Fields(Set.of(), visit::query);
  }

  /**
   * Reads a field.
   *
   * @param read a function that makes a value from the field's text without surrounding spaces
   * @return the value; empty if the field is empty, or if its text has a fault
   */
  public <T> Optional<T> optional(String name, Function<String, T> read) {
    Optional<String> text = text(name);
    try {
      return text.map(read);
    } catch (InvalidValue e) {
      faults.add(new Fault("/" + name, "invalid_value", e.allowed()));
    }
    return Optional.empty();
  }

  /** Whether the user typed anything except spaces into a field. */
  public boolean has(String name) {
    return text(name).isPresent();
  }

  /** Reads whether the account at the provider stays the same after a change. */
  public Optional<Boolean> sameAccount() {
    return optional(
        SAME_ACCOUNT,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new InvalidValue(SAME_ACCOUNT, "true or false");
            });
  }

  /** Reads a field that must be present and must not be empty. */
  public <T> Optional<T> required(String name, String missing, Function<String, T> read) {
    if (text(name).isEmpty()) {
      faults.add(Fault.required(name, missing));
      return Optional.empty();
    }
    return optional(name, read);
  }

  /** Records the fault that a field is empty although it must not be. */
  public void missing(String name, String detail) {
    faults.add(Fault.required(name, detail));
  }

  /** Whether the form contains a field, and the user typed nothing except spaces into it. */
  boolean isCleared(String name) {
    return names.contains(name) && !has(name);
  }

  /**
   * Whether the form sends a field with the given text. Differences in the ends of lines do not
   * count.
   */
  public boolean isStill(String name, String shown) {
    return names.contains(name)
        && withLineFeeds(values.apply(name).orElse("")).equals(withLineFeeds(shown));
  }

  private Optional<String> text(String name) {
    return values.apply(name).map(Fields::lines).filter(value -> !value.isEmpty());
  }

  /**
   * Returns a text without surrounding spaces, with line feeds as line ends. Browsers send CR LF at
   * the end of a line. Without this conversion, a sent CR LF would replace a stored line feed.
   */
  private static String lines(String text) {
    return withLineFeeds(text).strip();
  }

  private static String withLineFeeds(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /**
   * Makes a value from several fields.
   *
   * @param name the name of the field next to which the page shows a fault of the value
   * @return the value; empty if it has a fault
   */
  public <T> Optional<T> made(String name, Supplier<T> make) {
    try {
      return Optional.of(make.get());
    } catch (InvalidValue e) {
      faults.add(new Fault("/" + name, "invalid_value", e.allowed()));
      return Optional.empty();
    }
  }

  /**
   * Reads a field of a form that changes something. The result is absent if the form does not
   * contain the field, and null if the field is empty.
   */
  public <T> Field<T> write(String name, Function<String, T> read) {
    if (!names.contains(name)) {
      return Field.absent();
    }
    return Field.ofNullable(optional(name, read));
  }

  /**
   * Like {@link #write}, reads a field of a form that changes something. If the field still has the
   * value that the form showed at first, the result is absent. The form sends the first value in a
   * hidden field, whose name is the name of this field followed by {@link #SHOWN}.
   */
  public <T> Field<T> changed(String name, Function<String, T> read) {
    return text(name).equals(text(name + SHOWN)) ? Field.absent() : write(name, read);
  }

  /**
   * Reads a provider's API key; empty if no key was typed, or if the key has a fault.
   *
   * @return the key; the caller of this method has to close it
   */
  public Optional<Secret> apiKey(String name) {
    Optional<String> typed = values.apply(name).filter(text -> !text.isBlank());
    try {
      return typed.map(text -> Secret.apiKey(text.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidValue e) {
      faults.add(new Fault("/" + name, "invalid_value", e.allowed()));
      return Optional.empty();
    }
  }

  /**
   * Reads the secret of a credential; empty if no secret was typed, or if the secret has a fault.
   * The field has the same name as in the API.
   *
   * @return the secret; the caller of this method has to close it
   */
  public Optional<Secret> secret(String name) {
    Optional<String> typed = values.apply(name).filter(text -> !text.isBlank());
    try {
      return typed.map(text -> Secret.credential(text.getBytes(StandardCharsets.UTF_8), name));
    } catch (InvalidValue e) {
      fault(name, e.allowed());
      return Optional.empty();
    }
  }

  /** Records a fault of a field. */
  public void fault(String name, String detail) {
    faults.add(new Fault("/" + name, "invalid_value", detail));
  }

  /**
   * Reads a provider's API key, which must be present. The caller of this method has to close the
   * key.
   */
  public Optional<Secret> requiredApiKey(String name, String missing) {
    if (values.apply(name).filter(text -> !text.isBlank()).isEmpty()) {
      faults.add(Fault.required(name, missing));
      return Optional.empty();
    }
    return apiKey(name);
  }

  /**
   * Returns a value made from the form's fields.
   *
   * @throws InvalidInput if one of the fields or the value has a fault
   */
  public <T> T check(Supplier<T> made) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(faults);
    }
    return made.get();
  }
}
