package io.claviger.application.requests;

import io.claviger.application.requests.port.LinkCipher;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Encodes the terms that a refused user lacked as a text for a link, and decodes this text. The
 * text is called a reference. The terms are not stored, because there are too many refusals. A
 * reference gives no rights. A user who follows it makes a request in the user's own name, and only
 * for a service that the user can see.
 */
public final class RequestReferences {
  /** The maximum length of a reference, in characters. */
  private static final int LONGEST = 2_000;

  private final LinkCipher cipher;

  public RequestReferences(LinkCipher cipher) {
    this.cipher = cipher;
  }

  /**
   * Returns a reference, which consists of letters, digits, {@code -} and {@code _}. Never blocks.
   *
   * @param missing the terms that the user lacked; must not contain {@code until}, because no call
   *     is refused due to a missing end
   */
  public String write(MissingTerms missing) {
    RequestedTerms terms = missing.terms();
    List<String> lines = new ArrayList<>();
    lines.add(missing.service().value().toString());
    terms.role().ifPresent(role -> lines.add("role " + role.name()));
    terms.models().forEach(model -> lines.add("model " + model.value()));
    terms.operations().forEach(operation -> lines.add("operation " + operation.value()));
    terms.budget().ifPresent(budget -> lines.add("budget " + budget.words("true", "false")));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(cipher.encrypt(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
  }

  public Optional<MissingTerms> read(String reference) {
    if (reference.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] encrypted;
    try {
      encrypted = Base64.getUrlDecoder().decode(reference);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return cipher
        .decrypt(encrypted)
        .flatMap(content -> parsed(new String(content, StandardCharsets.UTF_8)));
  }

  /**
   * Returns the missing terms that a text encodes; empty if the text has content that this version
   * of Claviger does not know, because another version wrote the text.
   */
  private static Optional<MissingTerms> parsed(String content) {
    List<String> lines = content.lines().toList();
    Optional<Role> role = Optional.empty();
    Set<ModelPattern> models = new HashSet<>();
    Set<Operation> operations = new HashSet<>();
    Optional<Budget> budget = Optional.empty();
    try {
      for (String line : lines.subList(1, lines.size())) {
        int blank = line.indexOf(' ');
        String value = line.substring(blank + 1);
        switch (line.substring(0, blank)) {
          case "role" -> role = Optional.of(Role.valueOf(value));
          case "model" -> models.add(new ModelPattern(value));
          case "operation" -> operations.add(new Operation(value));
          case "budget" -> budget = Optional.of(Budget.ofWords(value, "true"));
          default -> {
            return Optional.empty();
          }
        }
      }
      return Optional.of(
          new MissingTerms(
              new Instance.Id(UUID.fromString(lines.get(0))),
              new RequestedTerms(role, models, operations, budget, Optional.empty())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | InvalidValue e) {
      return Optional.empty();
    }
  }
}
