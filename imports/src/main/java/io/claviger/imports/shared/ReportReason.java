package io.claviger.imports.shared;

import io.claviger.domain.WireNamed;
import java.util.Arrays;
import java.util.Locale;

/** Why a thing was not imported, or was changed by the import. */
public enum ReportReason implements WireNamed {
  /** A key's clients use a format that differs from the provider's format. */
  OTHER_FORMAT(Section.FORMATS),
  HANDLE_TAKEN(Section.LEFT_OUT),
  INVALID_HANDLE(Section.LEFT_OUT),
  INVALID_DISPLAY_NAME(Section.LEFT_OUT),
  INVALID_EMAIL(Section.LEFT_OUT),
  INVALID_DESCRIPTION(Section.LEFT_OUT),
  INVALID_ENDPOINT(Section.LEFT_OUT),
  INVALID_MODEL(Section.LEFT_OUT),
  INVALID_DIMENSIONS(Section.LEFT_OUT),
  INVALID_CONTEXT_LIMIT(Section.LEFT_OUT),
  INVALID_KEY_METHOD(Section.LEFT_OUT),
  INVALID_KEY_FIELD(Section.LEFT_OUT),
  INVALID_OPERATIONS(Section.LEFT_OUT),
  INVALID_API_KEY(Section.LEFT_OUT),
  INVALID_VALUE(Section.LEFT_OUT),
  KEY_DOES_NOT_OPEN(Section.LEFT_OUT),
  ENCRYPTED_KEY_DOES_NOT_OPEN(Section.LEFT_OUT),
  STANDARD_TAKES_NO_KEY(Section.LEFT_OUT),
  DESTINATION_CHANGED_HERE(Section.LEFT_OUT),
  /**
   * The address to which the source sends a user's key might have changed since the user stored the
   * key.
   */
  DESTINATION_CHANGED_THERE(Section.LEFT_OUT),
  /** More than one user of Claviger would have to consent, but an import asks nobody. */
  CONSENT_NEEDED(Section.LEFT_OUT),
  BELONGS_TO_SYSTEM(Section.LEFT_OUT),
  DUPLICATE(Section.LEFT_OUT),
  UNKNOWN_ROLE(Section.LEFT_OUT),
  OWNER_ROW_OF_OLDER_TABLE(Section.LEFT_OUT),
  OWNER_MISSING(Section.LEFT_OUT),
  USER_MISSING(Section.LEFT_OUT),
  STANDARD_MISSING(Section.LEFT_OUT),
  DEFINITION_MISSING(Section.LEFT_OUT),
  DEFINITION_NOT_VISIBLE(Section.LEFT_OUT),
  SERVICE_MISSING(Section.LEFT_OUT),
  PROJECT_MISSING(Section.LEFT_OUT),
  NO_USE_OF_SERVICE(Section.LEFT_OUT),
  KEY_EXISTS_HERE(Section.LEFT_OUT),
  FURTHER_KEY(Section.LEFT_OUT),
  CHANGED_HERE(Section.KEPT),
  IN_USE_HERE(Section.KEPT),
  NOT_A_HASH(Section.LEFT_OUT),
  DASHBOARD(Section.LEFT_OUT),
  MASTER_KEY(Section.LEFT_OUT),
  EXPIRED(Section.LEFT_OUT),
  BLOCKED(Section.LEFT_OUT),
  NOTHING_ALLOWED(Section.LEFT_OUT),
  /** The thing has a limit in the source that Claviger does not support. */
  LIMIT_NOT_CARRIED(Section.LEFT_OUT),
  GROUP_MISSING(Section.LEFT_OUT),
  MODELS_UNKNOWN(Section.LEFT_OUT),
  TOO_MANY_MODELS(Section.LEFT_OUT),
  TOKEN_TAKEN(Section.LEFT_OUT),
  TOO_MANY_PREFIXES(Section.LEFT_OUT),
  LIMITS_EXIST(Section.LEFT_OUT),
  GROUP_SYNCED(Section.LEFT_OUT),
  NAME_TAKEN(Section.LEFT_OUT),
  NO_COUNTERPART(Section.LEFT_OUT),
  /**
   * A user of Claviger has the same e-mail address. The equal address does not prove that both are
   * the same person.
   */
  EMAIL_HERE(Section.LEFT_OUT),
  VARIABLE_MISSING(Section.LEFT_OUT),
  CREDENTIAL_MISSING(Section.LEFT_OUT),
  CREDENTIAL_KIND(Section.LEFT_OUT),
  PROVIDER_UNKNOWN(Section.LEFT_OUT),
  ENDPOINT_MISSING(Section.LEFT_OUT),
  WILDCARD_MODEL(Section.LEFT_OUT),
  /** The source contains impossible usage, such as a negative number of tokens. */
  INVALID_USAGE(Section.LEFT_OUT),
  /** Usage of a day that has not ended yet, or of a future day. */
  DAY_NOT_OVER(Section.NOTES),
  /** Usage of days that Claviger no longer keeps. */
  NOT_KEPT(Section.NOTES),
  ANOTHER_WAS_LINKED_FIRST(Section.LINKS_LEFT),
  HANDLE_FOLDED(Section.HANDLES_CHANGED),
  HANDLE_RENAMED(Section.HANDLES_CHANGED),
  TRAVELS_OTHERWISE(Section.STANDARDS_THAT_DIFFER),
  FORMAT_UNKNOWN(Section.NOTES),
  ENDED_HERE(Section.NOTES),
  /** Since an earlier run, the key was replaced in the source or in Claviger. */
  KEY_DIFFERS(Section.NOTES),
  KEY_REPLACED(Section.NOTES),
  /** The source no longer accepts a token that an earlier run imported. */
  ENDED_THERE(Section.NOTES),
  FOUND_HERE(Section.NOTES),
  DEPLOYMENT_KEY(Section.NOTES),
  RESET_DIFFERS(Section.NOTES),
  /**
   * The budget exists in Claviger already, so what was spent in the source is not charged to it.
   */
  SPENT_NOT_CHARGED(Section.NOTES),
  LIMIT_OF_EACH_SERVICE(Section.NOTES),
  UNPRICED(Section.NOTES),
  LIMIT_OF_ALL_CALLS(Section.NOTES),
  OWN_SHARE_LEAVES_POOL(Section.NOTES),
  /** A service account owns the token of a user, because the user's calls use other shares. */
  OWNED_BY_ACCOUNT(Section.NOTES),
  /** A service's limits restrict callers to models that do not include this model. */
  NOT_IN_LIMITS(Section.NOTES),
  NOT_IMPORTED(Section.NOT_CARRIED),
  /**
   * The thing has a limit in the source that Claviger does not support. The thing is imported
   * without that limit.
   */
  WIDER_HERE(Section.NOT_CARRIED),
  PUBLIC_READ(Section.NOT_CARRIED),
  METADATA_SCHEME(Section.NOT_CARRIED),
  NO_TOKEN(Section.USERS_WITHOUT_TOKEN);

  public enum Section implements WireNamed {
    FORMATS,
    LEFT_OUT,
    LINKS_LEFT,
    HANDLES_CHANGED,
    STANDARDS_THAT_DIFFER,
    NOT_CARRIED,
    USERS_WITHOUT_TOKEN,
    /** Things that remain after undoing an import. */
    KEPT,
    NOTES;

    /** Whether this section is about rows or keys that the run did not import or did not remove. */
    public boolean leavesOut() {
      return this == LEFT_OUT || this == LINKS_LEFT || this == KEPT;
    }
  }

  private final Section section;

  ReportReason(Section section) {
    this.section = section;
  }

  public Section section() {
    return section;
  }

  /** Returns the reason for an invalid value in this field. */
  public static ReportReason invalid(String field) {
    String name = "INVALID_" + field.toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElse(INVALID_VALUE);
  }
}
