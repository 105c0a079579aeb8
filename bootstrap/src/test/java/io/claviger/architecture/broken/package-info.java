/** A house that breaks every rule. */
package io.claviger.architecture.broken;
