package io.claviger.console.accounts;

import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.accounts.Users.UserUpdate;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Fields;
import io.claviger.console.page.Versions;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.UserKind;
import io.claviger.web.server.Form;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the forms in which somebody is added or changed. */
final class PersonForm {
  static final Set<String> FIELDS =
      Set.of(
          "handle",
          "display_name",
          "email",
          "kind",
          "responsible",
          "administrator",
          Versions.FIELD);

  private static final String SERVICE = "service";

  private PersonForm() {}

  static NewUser added(Form form) {
    Fields fields = new Fields(form);
    Optional<Handle> handle =
        fields.required("handle", "Give them a handle. Others find them by it.", Handle::new);
    Optional<DisplayName> name = fields.optional("display_name", DisplayName::new);
    Optional<Email> email = fields.optional("email", Email::new);
    UserKind kind = fields.optional("kind", PersonForm::kind).orElse(UserKind.PERSON);
    Optional<ResponsibleName> responsible =
        kind == UserKind.SERVICE
            ? fields.required(
                "responsible", "Name a person, or a group with @.", ResponsibleName::of)
            : Optional.empty();
    return fields.check(
        () ->
            new NewUser(
                handle.orElseThrow(),
                name,
                email,
                kind == UserKind.PERSON && isAdministrator(form),
                kind,
                responsible));
  }

  /**
   * @param serviceAccount whether the account to change is one; such an account has somebody
   *     responsible, and is no administrator
   */
  static PersonChange changed(Form form, boolean serviceAccount) {
    Fields fields = new Fields(form);
    Optional<DisplayName> name = fields.required("display_name", "a name", DisplayName::new);
    Optional<Email> email = fields.optional("email", Email::new);
    Optional<Precondition> precondition =
        fields.required(Versions.FIELD, "Open the page again.", Versions::demanded);
    Optional<ResponsibleName> responsible =
        serviceAccount
            ? fields.required(
                "responsible", "Name a person, or a group with @.", ResponsibleName::of)
            : Optional.empty();
    return fields.check(
        () ->
            new PersonChange(
                precondition.orElseThrow(),
                new UserUpdate(
                    Field.of(name.orElseThrow()),
                    email.map(Field::of).orElseGet(Field::ofNull),
                    serviceAccount ? Field.absent() : Field.of(isAdministrator(form)),
                    responsible.map(Field::of).orElseGet(Field::absent))));
  }

  /** The fields that are compared with what is stored now. */
  static final List<String> COMPARED =
      List.of("display_name", "email", "administrator", "responsible");

  /** A change of the version that the page showed. */
  record PersonChange(Precondition precondition, UserUpdate update) {}

  /** What the form shows of an account. */
  static Map<String, String> shown(PersonLine person) {
    return Map.of(
        "display_name",
        person.displayName(),
        "email",
        person.email(),
        "administrator",
        person.administrator() ? "yes" : "",
        "responsible",
        Optional.ofNullable(person.responsible()).orElse(""),
        Versions.FIELD,
        Long.toString(person.version()));
  }

  private static boolean isAdministrator(Form form) {
    return form.value("administrator").isPresent();
  }

  private static UserKind kind(String text) {
    return switch (text) {
      case "person" -> UserKind.PERSON;
      case SERVICE -> UserKind.SERVICE;
      default -> throw new InvalidValue("kind", "person or service");
    };
  }
}
