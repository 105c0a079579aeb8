/**
 * Implementations of the ports that keep everything in memory. They pass the same contract tests,
 * in {@code contracts}, as the adapters.
 */
package io.claviger.application.fakes;
