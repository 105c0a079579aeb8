/**
 * Definitions are templates for instances. The fields that services and definitions have in common
 * are here too. No class here contains a key.
 */
package io.claviger.domain.definitions;
