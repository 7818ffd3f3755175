/** What codecs share: frames packed and unpacked on several cores, and streams unpacked in ascending order. */
package imprint.codec;
