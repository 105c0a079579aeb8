/**
 * The console in a real Chromium. All classes share a node and a browser, and take turns, because
 * Playwright is to be used by one thread at a time.
 */
@NullMarked
package io.claviger.browser;

import org.jspecify.annotations.NullMarked;
