/** Makes text from other sources safe for terminals. */
package io.claviger.client.text;
