package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.domain.credentials.Cloud;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialShape;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gets tokens for the identity of this node's machine or pod. System-level services use these
 * tokens. The address of a cloud's token endpoint is either fixed or given in an environment
 * variable. A separate HTTP client calls these endpoints. This client can reach only link-local
 * addresses and addresses of this machine.
 */
final class AmbientMinter implements CredentialMinter {
  private static final String METADATA = "http://169.254.169.254";
  private static final Pattern REGION =
      Pattern.compile("\\.([a-z]{2,8}(?:-[a-z]{1,16}){1,3}-[0-9]{1,2})\\.");
  private static final int LARGEST_FILE = 1 << 14;

  /**
   * The address of EKS's credential agent. The other clouds use link-local or loopback addresses.
   */
  private static final Set<InetAddress> FURTHER =
      Set.of(AddressLiteral.parse("fd00:ec2::23").orElseThrow());

  private final TokenHttp http;
  private final TokenHttp metadata;
  private final Set<Cloud> clouds;
  private final Map<String, String> environment;

  /**
   * @param clouds the clouds for which the operator lets system-level services use the machine's
   *     identity
   */
  AmbientMinter(TokenHttp http, Set<Cloud> clouds, Map<String, String> environment) {
    this.http = http;
    this.metadata = http.reaching((url, owner, systemLevel, patience) -> nearby(url));
    this.clouds = Set.copyOf(clouds);
    this.environment = Map.copyOf(environment);
  }

  private static List<InetAddress> nearby(TokenUrl url) {
    String bare = AddressLiteral.bare(url.host());
    String address = bare.equals("localhost") ? "127.0.0.1" : bare;
    return AddressLiteral.parse(address)
        .filter(a -> a.isLoopbackAddress() || a.isLinkLocalAddress() || FURTHER.contains(a))
        .stream()
        .toList();
  }

  @Override
  public CredentialKind kind() {
    return CredentialKind.AMBIENT;
  }

  @Override
  public MintResult mint(MintRequest request) {
    return Attempt.run(attempt -> mint(attempt, request));
  }

  private MintResult mint(Attempt attempt, MintRequest request) throws Failed {
    attempt.begin("identity");
    Cloud cloud = Cloud.of(request.settings().require(CredentialField.CLOUD));
    if (!request.systemLevel()) {
      throw new Failed(
          Cause.MISCONFIGURED, "Only system-level services can use the machine's identity.");
    }
    if (!clouds.contains(cloud)) {
      throw new Failed(
          Cause.MISCONFIGURED,
          "The operator has not allowed the use of this identity: CLAVIGER_AMBIENT does not"
              + " name "
              + cloud.wireName()
              + ".");
    }
    Endpoint endpoint = request.binding().endpoint();
    if (!endpoint.isTls() || !cloud.serves(endpoint.host())) {
      throw new Failed(
          Cause.MISCONFIGURED,
          "The identity of a machine is sent only to the cloud that issued it, and "
              + endpoint.host()
              + " is not an address at which that cloud serves models.");
    }
    return switch (cloud) {
      case AWS -> aws(attempt, request);
      case GOOGLE -> google(attempt, request);
      case AZURE -> azure(attempt, request);
    };
  }

  private Optional<String> variable(String name) {
    if (!CredentialMinters.CLOUD_VARIABLES.contains(name)) {
      throw new IllegalArgumentException("not among the variables that are passed on: " + name);
    }
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private String file(String variable) throws Failed {
    try (InputStream in = Files.newInputStream(Path.of(environment.getOrDefault(variable, "")))) {
      return new String(in.readNBytes(LARGEST_FILE), StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new Failed(Cause.MISCONFIGURED, "The file that " + variable + " names can't be read.");
    }
  }

  private static TokenUrl url(String text) throws Failed {
    try {
      return TokenUrl.of(text);
    } catch (InvalidValue e) {
      throw new Failed(
          Cause.MISCONFIGURED, "An environment variable contains an address of an unknown form.");
    }
  }

  /**
   * Gets an access key in the same way as AWS's SDKs. Assumes a role with the pod's token, or asks
   * the container's agent if the pod has no token.
   */
  private MintResult aws(Attempt attempt, MintRequest request) throws Failed {
    Instant now = http.clock().instant();
    String region = region(request.binding().endpoint().host());
    AwsSts.Temporary temporary;
    if (variable("AWS_WEB_IDENTITY_TOKEN_FILE").isPresent()) {
      String role =
          variable("AWS_ROLE_ARN")
              .orElseThrow(() -> new Failed(Cause.MISCONFIGURED, "AWS_ROLE_ARN is not set."));
      TokenUrl sts =
          url(variable("AWS_ENDPOINT_URL_STS").orElseGet(() -> CredentialShape.stsUrl(region)));
      temporary =
          new AwsSts(sts, http.begin(request), now)
              .assumeRoleWithWebIdentity(
                  file("AWS_WEB_IDENTITY_TOKEN_FILE"),
                  role,
                  request.binding().service().toString());
      attempt.done("Assumed " + role + ".");
    } else {
      temporary = fromContainer(request);
      attempt.done("The identity of the container.");
    }
    return AwsMinter.bedrockKey(attempt, temporary, region, now);
  }

  /** Finds the region in a host's name. All hosts that serve models on AWS contain their region. */
  private static String region(String host) {
    return REGION.matcher(host).results().findFirst().orElseThrow().group(1);
  }

  private AwsSts.Temporary fromContainer(MintRequest request) throws Failed {
    Optional<String> path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    URI asked =
        uri(
            path.map(relative -> "http://169.254.170.2" + relative)
                .or(() -> variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
                .orElseThrow(
                    () ->
                        new Failed(
                            Cause.MISCONFIGURED,
                            "This machine has no identity of AWS: none of"
                                + " AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_FULL_URI"
                                + " and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set.")));
    Optional<String> proof =
        variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").isPresent()
            ? Optional.of(file("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
            : variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    Undisclosed undisclosed = Undisclosed.of(proof.stream().toArray(String[]::new));
    TokenHttp.Answer answer =
        get(request, asked, proof.map(text -> Map.of("Authorization", text)).orElseGet(Map::of));
    Map<String, String> texts = AnsweredToken.texts(answer.text());
    answer.wipe();
    if (answer.status() != 200) {
      throw AnsweredToken.refused(
          answer,
          undisclosed.shown(
              (texts.getOrDefault("code", "") + " " + texts.getOrDefault("message", "")).strip()),
          false);
    }
    return AwsSts.temporary(
        texts.getOrDefault("AccessKeyId", ""),
        texts.getOrDefault("SecretAccessKey", ""),
        texts.getOrDefault("Token", ""),
        texts.getOrDefault("Expiration", ""),
        answer.time(),
        // The container's agent has the clock of this machine.
        Optional.empty());
  }

  private MintResult google(Attempt attempt, MintRequest request) throws Failed {
    String server = variable("GCE_METADATA_HOST").map(host -> "http://" + host).orElse(METADATA);
    return AnsweredToken.minted(
        attempt,
        get(
            request,
            uri(
                server
                    + "/computeMetadata/v1/instance/service-accounts/default/token?"
                    + TokenHttp.encoded(Map.of("scopes", CredentialShape.GOOGLE_SCOPE))),
            Map.of("Metadata-Flavor", "Google")),
        Undisclosed.of());
  }

  /**
   * Gets a token in the same way as Azure's SDKs. Exchanges the pod's token, or asks the agent of
   * an App Service or a machine.
   */
  private MintResult azure(Attempt attempt, MintRequest request) throws Failed {
    if (variable("AZURE_FEDERATED_TOKEN_FILE").isPresent()) {
      return azurePod(attempt, request);
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("resource", azureResource(request));
    variable("AZURE_CLIENT_ID").ifPresent(id -> fields.put("client_id", id));
    String query = TokenHttp.encoded(fields);
    Optional<String> agent = variable("IDENTITY_ENDPOINT");
    String secret = variable("IDENTITY_HEADER").orElse("");
    TokenHttp.Answer answer =
        agent.isPresent()
            ? get(
                request,
                uri(agent.get() + "?api-version=2019-08-01&" + query),
                Map.of("X-IDENTITY-HEADER", secret))
            : get(
                request,
                uri(
                    variable("AZURE_POD_IDENTITY_AUTHORITY_HOST").orElse(METADATA)
                        + "/metadata/identity/oauth2/token?api-version=2018-02-01&"
                        + query),
                Map.of("Metadata", "true"));
    return AnsweredToken.minted(attempt, answer, Undisclosed.of(secret));
  }

  /**
   * Returns the resource for which the token is requested. The resource's name ends with the same
   * domain as the endpoint's host, because Azure's clouds for China and for the US government have
   * domains of their own, both for resources and for hosts.
   */
  private static String azureResource(MintRequest request) {
    String host = request.binding().endpoint().host();
    String end = host.substring(host.lastIndexOf('.'));
    return "https://cognitiveservices.azure" + end;
  }

  private MintResult azurePod(Attempt attempt, MintRequest request) throws Failed {
    String statement = file("AZURE_FEDERATED_TOKEN_FILE");
    String authority =
        variable("AZURE_AUTHORITY_HOST").orElse("https://login.microsoftonline.com/");
    TokenUrl url =
        url(
            authority.replaceFirst("/$", "")
                + "/"
                + variable("AZURE_TENANT_ID").orElse("")
                + "/oauth2/v2.0/token");
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "client_credentials");
    fields.put("client_id", variable("AZURE_CLIENT_ID").orElse(""));
    fields.put("scope", azureResource(request) + "/.default");
    fields.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    fields.put("client_assertion", statement);
    return AnsweredToken.minted(
        attempt,
        http.begin(request).form(url, TokenHttp.encoded(fields), null),
        Undisclosed.of(statement));
  }

  private TokenHttp.Answer get(MintRequest request, URI uri, Map<String, String> headers)
      throws Failed {
    TokenUrl url = url(uri.getScheme() + "://" + uri.getRawAuthority());
    return metadata.begin(request).get(url, uri, headers);
  }

  private static URI uri(String text) throws Failed {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new Failed(
          Cause.MISCONFIGURED, "An environment variable contains an address of an unknown form.");
    }
  }
}
