package io.claviger.application.instances;

import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialUpdate;
import io.claviger.domain.credentials.CredentialUpdate.CallerFact;
import io.claviger.domain.credentials.CredentialUpdate.Change;
import io.claviger.domain.credentials.CredentialUpdate.Given;
import io.claviger.domain.credentials.CredentialUpdate.Ruling;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.SecretUpdate;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Determines the effect of a write on the secrets of an instance, and seals the new secrets. */
final class SecretUpdates {
  private static final byte[] CONFIRMED = "confirmed".getBytes(StandardCharsets.US_ASCII);

  private final Sealer sealer;

  SecretUpdates(Sealer sealer) {
    this.sealer = sealer;
  }

  /**
   * Returns the effect of a write on the stored secret or confirmation of the credential. For a
   * write that is refused, the result describes the attempted action.
   */
  static SecretAction action(Ruling ruling) {
    return switch (ruling) {
      case SEAL, CONFIRM, TAKES_NO_SECRET, DESTINATION_REQUIRED, HEADERS_REQUIRED ->
          SecretAction.REPLACE;
      case CLEAR -> SecretAction.CLEAR;
      case KEEP, SECRET_REQUIRED -> SecretAction.KEEP;
    };
  }

  /**
   * A write, as far as it concerns the secrets of a service.
   *
   * @param before the service before the write; empty if the write creates it
   */
  record SecretWrite(
      User.Id caller, Optional<Instance> before, ResolvedSettings resolved, InstanceWrite write) {
    /**
     * Decides what a write of the service does to the credential's stored secret. For a credential
     * without a secret, decides what the write does to the stored confirmation.
     *
     * @param mayConfirm whether the caller may confirm where a credential without a secret is used
     */
    Ruling ruling(boolean mayConfirm) {
      CredentialKind kind = resolved.settings().credential().kind();
      return new CredentialUpdate(
              kind,
              before
                  .filter(i -> i.credential().kind() == kind)
                  .map(i -> mayMove(i) ? Change.MOVED : Change.NONE)
                  .orElse(Change.OTHER_KIND),
              before.filter(Instance::hasApiKey).isPresent(),
              write.secret().isPresent()
                  ? Given.SECRET
                  : write.clearsCredential() ? Given.CLEARED : Given.NOTHING,
              callerFacts(mayConfirm))
          .judge();
    }

    /** Whether the service's secret could be sent elsewhere, or differently, after this write. */
    boolean mayMove(Instance service) {
      return headers() == SecretAction.REPLACE
          || resolved.forwardsMore()
          || !service.credentialBinding().equals(resolved.credentialBinding(service.id()));
    }

    private Set<CallerFact> callerFacts(boolean mayConfirm) {
      Set<CallerFact> facts = EnumSet.noneOf(CallerFact.class);
      if (isDestinationKnown()) {
        facts.add(CallerFact.KNOWS_DESTINATION);
      }
      if (areHeadersKnown()) {
        facts.add(CallerFact.KNOWS_HEADERS);
      }
      if (mayConfirm) {
        facts.add(CallerFact.MAY_CONFIRM);
      }
      return facts;
    }

    /**
     * Returns how a write changes the custom headers. A write with an empty list clears the custom
     * headers. Written values are never compared with the stored values, because the result would
     * reveal to a caller whether a guessed value is right.
     */
    SecretAction headers() {
      boolean stored = before.filter(i -> !i.customHeaderNames().isEmpty()).isPresent();
      Optional<CustomHeaders> given = write.customHeaders().given().filter(h -> !h.isEmpty());
      if (given.isPresent()) {
        return SecretAction.REPLACE;
      }
      return stored && !write.customHeaders().isAbsent() ? SecretAction.CLEAR : SecretAction.KEEP;
    }

    /**
     * @throws RefusedException if the write may not store these secrets
     */
    void demandInOrder(Ruling credential) {
      demandHeadersFit();
      demandUpdate(credential);
      demandCredential(credential);
    }

    private void demandHeadersFit() {
      if (write
          .customHeaders()
          .given()
          .filter(h -> h.bytes() > CustomHeaders.MOST_BYTES)
          .isPresent()) {
        throw RefusedException.invalid(
            new Fault(
                "/custom_headers",
                "invalid_value",
                "All names and values together may have at most %,d bytes."
                    .formatted(CustomHeaders.MOST_BYTES)));
      }
    }

    private void demandUpdate(Ruling credential) {
      CredentialKind kind = resolved.settings().credential().kind();
      boolean key = kind == CredentialKind.API_KEY;
      SecretUpdate update =
          new SecretUpdate(
              key && resolved.standard().placement().isNone(),
              resolved.forwardsMore()
                  || before
                      .filter(i -> !i.destination().equals(resolved.destination()))
                      .isPresent(),
              key && before.filter(i -> i.hasApiKey() && i.credential().kind() == kind).isPresent(),
              before.filter(i -> !i.customHeaderNames().isEmpty()).isPresent(),
              key ? action(credential) : SecretAction.KEEP,
              headers(),
              isDestinationKnown());
      switch (update.judge()) {
        case FINE -> {}
        case TAKES_NO_KEY ->
            throw RefusedException.invalid(
                Fault.notAllowed(
                    "api_key",
                    "The API standard's key method is none, so the service takes no key."));
        case KEY_BOUND_TO_DESTINATION ->
            throw keyBoundToDestination(
                "The stored API key and custom headers are sealed to the present endpoint and key"
                    + " placement. Claviger also doesn't send them if the API standard forwards"
                    + " more headers or query parameters of callers. Send api_key and"
                    + " custom_headers again with this change, or clear them with null.");
        case KEY_BOUND_TO_HEADERS ->
            throw keyBoundToDestination(
                "The stored API key is not sent with changed custom headers, because they could"
                    + " tell a proxy behind the endpoint to send the key elsewhere. Send api_key"
                    + " again with this change, or clear it with null.");
        case DESTINATION_REQUIRED -> throw destinationRequired();
      }
    }

    private void demandCredential(Ruling credential) {
      switch (credential) {
        case KEEP, CLEAR, SEAL, CONFIRM -> {}
        case DESTINATION_REQUIRED -> throw destinationRequired();
        case HEADERS_REQUIRED -> throw headersRequired(before.orElseThrow());
        case TAKES_NO_SECRET ->
            throw RefusedException.invalid(
                Fault.notAllowed("credential", "A credential of this kind has no secret."));
        case SECRET_REQUIRED ->
            throw RefusedException.invalid(
                new Fault(
                    "/credential/"
                        + resolved.settings().credential().kind().secretFields().getFirst(),
                    "credential_required",
                    "The secret is sealed to the endpoint, the key placement and all settings of the"
                        + " credential. Its tokens are not sent with changed custom headers, or if"
                        + " the API standard forwards more headers or query parameters of callers."
                        + " Send the whole credential with its secret in the same request."));
      }
    }

    private boolean isDestinationKnown() {
      return endpointSetter().equals(Optional.of(caller));
    }

    private boolean areHeadersKnown() {
      return headers() != SecretAction.KEEP
          || before.filter(service -> !areHeadersOf(caller, service)).isEmpty();
    }

    /** Returns the user who has set the header values that are stored after this write. */
    Optional<User.Id> headersSetter() {
      return switch (headers()) {
        case KEEP -> before.flatMap(Instance::headersSetBy);
        case CLEAR -> Optional.empty();
        case REPLACE -> Optional.of(caller);
      };
    }

    /**
     * Returns the user who has set the endpoint that the instance will have after this write. The
     * result is the caller if the caller names the endpoint, or if the endpoint comes from a
     * definition that the caller trusts. In all other cases, the result is empty if the write
     * changes the endpoint or the settings that are sent to the endpoint. If the write changes
     * neither, the result is the user who set the endpoint before.
     */
    Optional<User.Id> endpointSetter() {
      boolean named = write.settings().fields().get(DefinitionFields.ENDPOINT).given().isPresent();
      boolean fromTrusted =
          resolved
              .named()
              .filter(
                  d -> d.isTrustedBy(caller) && d.fields().endpoint().equals(resolved.endpoint()))
              .isPresent();
      if (named || fromTrusted) {
        return Optional.of(caller);
      }
      return before
          .filter(i -> i.endpoint().equals(resolved.endpoint()))
          .filter(i -> i.sent().equals(resolved.settings().sent()))
          .flatMap(Instance::endpointSetBy);
    }
  }

  private static RefusedException keyBoundToDestination(String why) {
    return RefusedException.conflict("key_bound_to_destination", why);
  }

  private static RefusedException destinationRequired() {
    return RefusedException.invalid(
        new Fault(
            "/endpoint",
            "destination_required",
            "In the same request, name the endpoint that may receive the api_key, credential or"
                + " custom_headers."));
  }

  /**
   * Returns the refusal of a write or confirmation for the following reason: afterwards, calls
   * would send the credential together with header values that somebody else set.
   */
  static RefusedException headersRequired(Instance service) {
    return RefusedException.invalid(
        new Fault(
            "/custom_headers",
            "destination_required",
            "Somebody else set the stored values of "
                + service.customHeaderNames().stream()
                    .map(HeaderName::value)
                    .collect(Collectors.joining(", "))
                + ", or it is not known who did, and a proxy behind the endpoint may send the key"
                + " or token wherever a header says. Send custom_headers again in a change of the"
                + " service, together with its key if it has one, or clear them with null."));
  }

  /**
   * Whether the given user set the stored header values; also true if no header values are stored.
   */
  static boolean areHeadersOf(User.Id user, Instance service) {
    return service.customHeaderNames().isEmpty()
        || service.headersSetBy().equals(Optional.of(user));
  }

  SecretChange sealedKey(
      Instance.Id id,
      User.Id owner,
      ResolvedSettings resolved,
      InstanceWrite write,
      Ruling ruling) {
    return switch (ruling) {
      case KEEP, SECRET_REQUIRED, TAKES_NO_SECRET, DESTINATION_REQUIRED, HEADERS_REQUIRED ->
          new SecretChange.Keep();
      case CLEAR -> new SecretChange.Clear();
      case SEAL ->
          new SecretChange.Replace(
              sealer.seal(
                  write.secret().orElseThrow(),
                  KeyBinding.ofCredential(
                      id, owner, resolved.destination(), resolved.settings().credential())));
      case CONFIRM -> confirmed(resolved.credentialBinding(id), owner);
    };
  }

  /**
   * Seals the confirmation of an owner. Sealing needs the keyring of this deployment, so a person
   * who can only write to the database can't forge a sealed confirmation.
   */
  SecretChange confirmed(CredentialBinding binding, User.Id owner) {
    try (Secret mark = Secret.takingOver(CONFIRMED.clone())) {
      return new SecretChange.Replace(sealer.seal(mark, KeyBinding.ofConfirmation(binding, owner)));
    }
  }

  /**
   * Seals the secrets of a write again with the present encryption key. This method is called after
   * other users have consented to the write. Without the second sealing, the write might store
   * secrets under an older key, although a rotation has already reencrypted all other values.
   *
   * @throws MissingEncryptionKey if this node lacks the encryption key of the secrets. A rotation
   *     reencrypts the stored change, but not the secrets in it, so their key might be a retired
   *     key that only other nodes still have
   * @throws RefusedException if the secrets can no longer be opened
   */
  PlannedWrite sealedAnew(PlannedWrite planned) {
    Instance after = planned.after();
    return planned.with(
        sealedAnew(
            planned.keyChange(),
            KeyBinding.ofCredential(
                after.id(), after.owner(), after.destination(), after.credential())),
        sealedAnew(planned.headersChange(), KeyBinding.ofHeaders(after.id(), after.destination())));
  }

  private SecretChange sealedAnew(SecretChange change, KeyBinding binding) {
    if (!(change instanceof SecretChange.Replace replace)
        || replace.with().sealedUnder().equals(sealer.sealingKey())) {
      return change;
    }
    sealer.demandKeyOf(replace.with());
    try (Secret opened =
        sealer
            .open(replace.with(), binding)
            .orElseThrow(
                () ->
                    RefusedException.conflict(
                        "lapsed", "It was sealed under a key that is gone."))) {
      return new SecretChange.Replace(sealer.seal(opened, binding));
    }
  }

  SecretChange sealedHeaders(
      Instance.Id id, ResolvedSettings resolved, InstanceWrite write, SecretAction action) {
    return switch (action) {
      case KEEP -> new SecretChange.Keep();
      case CLEAR -> new SecretChange.Clear();
      case REPLACE -> {
        try (Secret packed = write.customHeaders().given().orElseThrow().packed()) {
          yield new SecretChange.Replace(
              sealer.seal(packed, KeyBinding.ofHeaders(id, resolved.destination())));
        }
      }
    };
  }
}
