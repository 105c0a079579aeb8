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

/** Reads the fields of a form or of a query, and collects all their faults. */
public final class Fields {
  public static final String SHOWN = "_shown";

  /**
   * The field that says whether calls still reach the same account at the provider after a change.
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

  /** The fields of the query in a page's address, such as filters. */
  public static Fields ofQuery(Visit visit) {
    return new Fields(Set.of(), name -> Optional.ofNullable(visit.query(name)));
  }

  /**
   * Reads a field.
   *
   * @param read makes a value of the field's text, which has no spaces around it
   * @return empty if the field is empty, or has a fault
   */
  public <T> Optional<T> optional(String name, Function<String, T> read) {
    Optional<String> text = text(name);
    try {
      return text.map(read);
    } catch (InvalidValue e) {
      faults.add(new Fault("/" + name, "invalid_value", e.allowed()));
    } catch (NumberFormatException e) {
      faults.add(new Fault("/" + name, "invalid_value", "a number, such as 1000 or 12.50"));
    }
    return Optional.empty();
  }

  /** Whether something other than spaces was typed into a field. */
  public boolean has(String name) {
    return text(name).isPresent();
  }

  /** Reads whether a change leaves the account at the provider the same. */
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

  /** Reads a field that must be there and not be empty. */
  public <T> Optional<T> required(String name, String missing, Function<String, T> read) {
    if (text(name).isEmpty()) {
      faults.add(Fault.required(name, missing));
      return Optional.empty();
    }
    return optional(name, read);
  }

  private Optional<String> text(String name) {
    return values.apply(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  /**
   * Makes a value of several fields.
   *
   * @param name the field next to which a fault is shown
   * @return empty if the value has a fault
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
   * Reads a field of a change. The result is absent if the form does not have the field, and null
   * if the field is empty.
   */
  public <T> Field<T> write(String name, Function<String, T> read) {
    if (!names.contains(name)) {
      return Field.absent();
    }
    return optional(name, read).<Field<T>>map(Field::of).orElseGet(Field::ofNull);
  }

  /**
   * Reads a field of a change as {@link #write} does. The field is treated as absent if it still
   * has the value that the form showed. The form sends that value in a hidden field, which has the
   * name of this field with {@link #SHOWN}.
   */
  public <T> Field<T> changed(String name, Function<String, T> read) {
    return text(name).equals(text(name + SHOWN)) ? Field.absent() : write(name, read);
  }

  /**
   * Reads a provider's API key; empty if none was typed, or if it has a fault.
   *
   * @return a secret that the caller has to close
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
   * Reads the secret of a credential, by the name that its field has in the API too; empty if none
   * was typed, or if it has a fault.
   *
   * @return a secret that the caller has to close
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

  /** Reads a provider's API key that has to be there. The caller has to close the key. */
  public Optional<Secret> requiredApiKey(String name, String missing) {
    if (values.apply(name).filter(text -> !text.isBlank()).isEmpty()) {
      faults.add(Fault.required(name, missing));
      return Optional.empty();
    }
    return apiKey(name);
  }

  /**
   * Returns a value that is made from the fields.
   *
   * @throws InvalidInput if any field, or the value, has a fault
   */
  public <T> T check(Supplier<T> made) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(faults);
    }
    return made.get();
  }
}
