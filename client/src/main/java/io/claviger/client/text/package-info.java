/** Makes text from other sources safe to print on terminals. */
package io.claviger.client.text;
