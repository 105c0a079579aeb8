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
   * The field that says whether calls still use the same account at the provider after a change.
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

  /** The fields in the query of a page's address, such as filters. */
  public static Fields ofQuery(Visit visit) {
    return new Fields(Set.of(), name -> Optional.ofNullable(visit.query(name)));
  }

  /**
   * Reads a field.
   *
   * @param read makes a value from the text of the field, without the spaces around the text
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

  /** Whether the user typed something other than spaces into a field. */
  public boolean has(String name) {
    return text(name).isPresent();
  }

  /** Reads whether the account at the provider remains the same after a change. */
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

  private Optional<String> text(String name) {
    return values.apply(name).map(Fields::lines).filter(value -> !value.isEmpty());
  }

  /**
   * Returns a text without the spaces around it, whose lines end as they do in a browser's form.
   * Browsers send CR LF for the end of a line, and it must not replace a stored line feed.
   */
  private static String lines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').strip();
  }

  /**
   * Makes a value from several fields.
   *
   * @param name the name of the field next to which a fault of the value is shown
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
    return optional(name, read).<Field<T>>map(Field::of).orElseGet(Field::ofNull);
  }

  /**
   * Like {@link #write}, reads a field of a form that changes something. If the field still has the
   * value that the form showed at first, it is treated as absent. The form sends the value that it
   * showed at first in a hidden field, whose name is the name of this field followed by {@link
   * #SHOWN}.
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
   * Reads the secret of a credential; the name of its field is the same as in the API; empty if no
   * secret was typed, or if the secret has a fault.
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
   * Returns a value that is made from the fields of the form.
   *
   * @throws InvalidInput if one of the fields has a fault, or the value has one
   */
  public <T> T check(Supplier<T> made) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(faults);
    }
    return made.get();
  }
}
