package io.claviger.application.instances;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.Inspection;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.StandardReferences;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.credentials.Cloud;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Determines the settings that result from a write. Until the end of the transaction, nobody can
 * change the definition and the API standard to which the write refers.
 */
final class SettingsResolver {
  private final StandardReferences standards;
  private final ProviderReferences providers;
  private final DefinitionStore definitions;
  private final List<CredentialMinter> minters;
  private final DestinationPolicy destinations;

  /**
   * @param minters the minters that check the secrets of credentials, one for each kind of
   *     credential; if a kind has no minter, its key files are refused
   * @param destinations the policy that decides which addresses are forbidden for token requests
   */
  SettingsResolver(
      ApiStandardStore standards,
      ProviderStore providers,
      DefinitionStore definitions,
      List<CredentialMinter> minters,
      DestinationPolicy destinations) {
    this.destinations = destinations;
    this.minters = List.copyOf(minters);
    this.standards = new StandardReferences(standards);
    this.providers = new ProviderReferences(providers);
    this.definitions = definitions;
  }

  /**
   * @param before the instance that is replaced; empty if a new instance is created
   */
  ResolvedSettings replacing(
      Actor actor, Instance.Ref ref, Optional<Instance> before, InstanceWrite write) {
    List<Fault> faults = new ArrayList<>();
    Reference definition = definition(actor, write, before, faults);
    Optional<WireFormat> format =
        standards.format(write.settings().fields().get(DefinitionFields.API_STANDARD), faults);
    SettingsWrite.Result result =
        settings(write, faults)
            .replacing(
                ref.handle(),
                before.map(Instance::settings),
                definition.id,
                definition.named.map(Definition::fields),
                format);
    return resolve(ref, before, result, definition.named, write, faults);
  }

  ResolvedSettings merging(Actor actor, Instance before, InstanceWrite write) {
    List<Fault> faults = new ArrayList<>();
    Reference definition =
        write.definition().isAbsent()
            ? new Reference(before.settings().definition(), Optional.empty())
            : definition(actor, write, Optional.of(before), faults);
    Optional<WireFormat> format =
        standards.format(write.settings().fields().get(DefinitionFields.API_STANDARD), faults);
    SettingsWrite.Result result =
        settings(write, faults).merging(before.settings(), definition.id, format);
    return resolve(before.ref(), Optional.of(before), result, definition.named, write, faults);
  }

  private SettingsWrite settings(InstanceWrite write, List<Fault> faults) {
    SettingsWrite settings = write.settings();
    return settings.with(providers.held(settings.fields(), faults));
  }

  private ResolvedSettings resolve(
      Instance.Ref ref,
      Optional<Instance> before,
      SettingsWrite.Result result,
      Optional<Definition> named,
      InstanceWrite write,
      List<Fault> faults) {
    if (result instanceof SettingsWrite.Result.Complete complete) {
      InstanceSettings settings =
          complete
              .settings()
              .withCredential(credential(ref, complete.settings().credential(), write, faults))
              .withAudience(audience(ref, complete.settings().audience(), faults))
              .withProvider(provider(complete.settings().fields().provider(), write, faults));
      Optional<ApiStandard> standard =
          faults.isEmpty()
              ? standards.held(settings.fields().apiStandard(), faults)
              : Optional.empty();
      faults.addAll(settings.keyPolicy().faults());
      standard.ifPresent(s -> faults.addAll(misfits(ref, settings, s, write)));
      if (leadsElsewhere(write, settings)) {
        faults.add(
            Fault.notAllowed(
                "endpoint",
                "The settings of this write result in an endpoint that differs from the named"
                    + " endpoint. If you send a secret, name the resulting endpoint or no"
                    + " endpoint."));
      }
      if (faults.isEmpty() && standard.isPresent()) {
        boolean more = before.filter(its -> forwardsMore(its, standard.get())).isPresent();
        return new ResolvedSettings(settings, standard.get(), more, named);
      }
    }
    if (faults.isEmpty() && result instanceof SettingsWrite.Result.Incomplete incomplete) {
      // Missing fields are reported only if everything to which the write refers was found, because
      // a field might be missing only because something was not found.
      faults.addAll(incomplete.faults());
    }
    throw RefusedException.invalid(faults);
  }

  /**
   * Whether the new API standard forwards a caller's header or query parameter that the present API
   * standard does not forward.
   */
  private boolean forwardsMore(Instance before, ApiStandard after) {
    Handle own = before.settings().fields().apiStandard();
    return !own.equals(after.handle())
        && standards
            .held(own, new ArrayList<>())
            .filter(its -> !after.forwardsMoreThan(its))
            .isEmpty();
  }

  /**
   * Whether the API standard of {@code after} forwards a caller's header or query parameter that
   * the API standard of {@code before} does not forward. Used when a write is carried out after it
   * has waited for consent: somebody might have changed or deleted an API standard while it waited.
   * The result is also true if the standard of {@code after} no longer exists, or if {@code before}
   * had a different standard that no longer exists.
   */
  boolean forwardsMore(Instance before, Instance after) {
    Optional<ApiStandard> named =
        standards.held(after.settings().fields().apiStandard(), new ArrayList<>());
    return named.filter(standard -> !forwardsMore(before, standard)).isEmpty();
  }

  /**
   * Whether a write with a secret names an endpoint that differs from the endpoint in the resulting
   * settings. The endpoints can differ, for example, if somebody has changed the definition since
   * the caller read it.
   */
  private static boolean leadsElsewhere(InstanceWrite write, InstanceSettings after) {
    boolean bringsSecret =
        write.apiKey().given().isPresent()
            || write.credential().given().isPresent()
            || write.customHeaders().given().isPresent();
    return bringsSecret
        && write
            .settings()
            .fields()
            .get(DefinitionFields.ENDPOINT)
            .given()
            .filter(named -> !named.equals(after.fields().endpoint()))
            .isPresent();
  }

  /**
   * Returns the provider that the service has after a write, with the provider's current data from
   * the list of providers. If the write names the provider, these data have already been looked up.
   */
  private Provider provider(Provider after, InstanceWrite write, List<Fault> faults) {
    boolean isNamed = write.settings().fields().get(DefinitionFields.PROVIDER).given().isPresent();
    return isNamed ? after : providers.held(after, faults).orElse(after);
  }

  /** Returns the credential that the service has after a write. */
  private CredentialSettings credential(
      Instance.Ref ref, CredentialSettings before, InstanceWrite write, List<Fault> faults) {
    if (!write.credential().isAbsent() && !write.apiKey().isAbsent()) {
      faults.add(
          Fault.notAllowed(
              "api_key", "Give either api_key, which is a short form, or credential."));
      return before;
    }
    if (write.apiKey().given().isPresent() || write.clearsKind()) {
      return CredentialSettings.API_KEY;
    }
    Optional<CredentialWrite> given = write.credential().given();
    if (given.isEmpty()) {
      return before;
    }
    CredentialWrite credential = given.get();
    Optional<CredentialMinter> minter = minter(credential.kind());
    if (minter.isEmpty() && credential.isKeyFile()) {
      faults.add(
          Fault.notAllowed(
              credential.secretField(),
              "A Java program can't check the form of a key file. Store this credential through a"
                  + " node."));
      return before;
    }
    Inspection secret =
        minter.flatMap(its -> credential.secret().map(its::inspect)).orElse(Inspection.FINE);
    if (secret.fault().isPresent()) {
      faults.add(new Fault("/" + credential.secretField(), "invalid_value", secret.fault().get()));
      return before;
    }
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    secret.tokenUrl().ifPresent(url -> settings.put(CredentialField.TOKEN_URL, url));
    settings.putAll(credential.given());
    return switch (CredentialSettings.read(credential.kind(), settings, credential.at())) {
      case CredentialSettings.Result.Complete complete -> {
        faults.addAll(unreachable(ref, complete.settings(), credential.at()));
        yield complete.settings();
      }
      case CredentialSettings.Result.Incomplete no -> {
        faults.addAll(no.faults());
        yield before;
      }
    };
  }

  /**
   * Returns the audience that the service has after a write. Only a system-level service has an
   * audience.
   */
  private static Optional<Audience> audience(
      Instance.Ref ref, Optional<Audience> written, List<Fault> faults) {
    if (ref.owner().isSystem()) {
      return written.or(() -> Optional.of(Audience.EVERYBODY));
    }
    if (written.isPresent()) {
      faults.add(
          Fault.notAllowed(
              "audience",
              "Only a system-level service has an audience. Lend any other service by its shares."));
    }
    return Optional.empty();
  }

  /**
   * Returns a fault for each address in the credential from which tokens may not be requested. Host
   * names are not resolved here, but only when a token is requested.
   */
  private List<Fault> unreachable(Instance.Ref ref, CredentialSettings settings, String at) {
    return CredentialSettings.ADDRESSES.stream()
        .filter(
            field ->
                settings
                    .get(field)
                    .map(TokenUrl::of)
                    .filter(
                        url -> destinations.judge(url, ref.owner().isSystem()) == Reach.NOT_ALLOWED)
                    .isPresent())
        .map(
            field ->
                new Fault(
                    at + "/" + field.wireName(),
                    "not_allowed",
                    "Tokens may not be requested from this address. Private addresses need the"
                        + " operator's permission (CLAVIGER_ALLOWED_PRIVATE_HOSTS), and public ones"
                        + " need https."))
        .toList();
  }

  private Optional<CredentialMinter> minter(CredentialKind kind) {
    return minters.stream().filter(minter -> minter.kind() == kind).findAny();
  }

  private static List<Fault> misfits(
      Instance.Ref ref, InstanceSettings settings, ApiStandard standard, InstanceWrite write) {
    List<Fault> faults = new ArrayList<>();
    if (settings.credential().kind() == CredentialKind.AMBIENT) {
      Cloud cloud = Cloud.of(settings.credential().require(CredentialField.CLOUD));
      boolean fits =
          settings.fields().endpoint().isTls() && cloud.serves(settings.fields().endpoint().host());
      if (!ref.owner().isSystem()) {
        faults.add(
            Fault.notAllowed(
                "credential/kind",
                "Only system-level services can use the identity of the machine, because"
                    + " it is the operator's identity."));
      } else if (!fits) {
        faults.add(
            Fault.notAllowed(
                "endpoint",
                "The identity of a machine is sent only over https, and only to addresses where the"
                    + " machine's own cloud serves models."));
      }
    }
    if (settings.organization().isPresent() && !standard.format().api().hasOrganization()) {
      faults.add(Fault.notAllowed("organization", "Only the openai format has an organization."));
    }
    if (settings.sent().all().stream().anyMatch(sent -> carriesKey(sent, standard))) {
      faults.add(
          Fault.notAllowed(
              "settings",
              "According to the list of providers, a setting of this provider is sent in the same"
                  + " header or query parameter as the key."));
    }
    boolean inHeader = standard.placement().method() == KeyMethod.CUSTOM_HEADER;
    List<HeaderName> names = write.customHeaders().given().map(h -> h.names()).orElse(List.of());
    for (HeaderName name : names) {
      if (inHeader && name.lowerCase().equals(standard.placement().field())) {
        faults.add(
            Fault.notAllowed("custom_headers/" + name.value(), "This header carries the key."));
      }
    }
    return faults;
  }

  private static boolean carriesKey(SentSettings.Sent sent, ApiStandard standard) {
    KeyMethod way =
        switch (sent.place()) {
          case QUERY -> KeyMethod.QUERY_PARAM;
          case HEADER -> KeyMethod.CUSTOM_HEADER;
        };
    return standard.placement().method() == way
        && standard.placement().field().equalsIgnoreCase(sent.name());
  }

  private Reference definition(
      Actor actor, InstanceWrite write, Optional<Instance> before, List<Fault> faults) {
    Optional<Definition.Ref> ref = write.definition().given();
    if (ref.isEmpty()) {
      return new Reference(Optional.empty(), Optional.empty());
    }
    Optional<Definition> visible =
        definitions
            .hold(ref.get(), actor.id())
            .filter(seen -> seen.isVisibleTo(actor))
            .map(DefinitionStore.VisibleDefinition::definition);
    if (visible.isPresent()) {
      return new Reference(visible.map(Definition::id), visible);
    }
    if (before.isPresent() && before.get().definitionRef().equals(ref)) {
      // Co-owners may send back the reference that they have read, even if it names a definition
      // that they can't see.
      return new Reference(before.get().settings().definition(), Optional.empty());
    }
    faults.add(Fault.unknownReference("definition", "definition"));
    return new Reference(Optional.empty(), Optional.empty());
  }

  private record Reference(Optional<Definition.Id> id, Optional<Definition> named) {}
}
