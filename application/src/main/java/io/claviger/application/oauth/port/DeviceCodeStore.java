package io.claviger.application.oauth.port;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores device sign-ins until the device has fetched its token. Device codes are stored as hashes.
 */
public interface DeviceCodeStore {
  /**
   * The numbers of device sign-ins that have not expired.
   *
   * @param ofAddress the number that began at one address
   * @param ofWide the number that began in the IPv6 network of 56 bits that contains the address
   * @param ofSite the number that began in the IPv6 network of 48 bits that contains the address
   */
  record Open(int ofAddress, int ofWide, int ofSite, int inAll) {}

  /**
   * Counts unexpired device sign-ins. Until this transaction ends, other transactions that want to
   * count device sign-ins wait.
   */
  Open lockAndCount(String address, Instant now);

  /**
   * Deletes the device sign-ins that have waited longest for their user, in the block of addresses
   * with the most waiting sign-ins ({@link AddressBlock#mostCrowded}).
   *
   * @param most the greatest number of device sign-ins that are deleted
   * @return the number of deleted sign-ins; 0 when no sign-in waits for its user
   */
  int deleteOldestOfMostCrowded(Instant now, int most);

  /**
   * Stores a new device sign-in.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when one of its codes is taken
   */
  void insert(DeviceAuthorization device, TokenHash deviceCode);

  Optional<DeviceAuthorization> find(TokenHash deviceCode);

  /** Finds a device sign-in and locks it until the transaction ends. */
  Optional<DeviceAuthorization> lock(TokenHash deviceCode);

  Optional<DeviceAuthorization> find(UserCode userCode);

  /** Finds a device sign-in and locks it until the transaction ends. */
  Optional<DeviceAuthorization> lock(UserCode userCode);

  /** Records a poll. The device may poll again after the interval. */
  void recordPoll(UUID id, Instant at, Duration interval);

  void recordAnswer(UUID id, DeviceAuthorization.UserDecision answer);

  void delete(UUID id);

  /** Deletes device sign-ins that expired before a time, and returns how many were deleted. */
  int deleteExpired(Instant before);
}
