package io.claviger.application.shares;

import io.claviger.domain.sharing.Share;

/**
 * A share after it was given.
 *
 * @param created whether there was none before
 * @param changed whether it differs from what was there before
 */
public record GivenShare(Share share, boolean created, boolean changed) {}
