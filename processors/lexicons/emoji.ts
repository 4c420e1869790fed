import { wordTable } from "./language-rules.ts";

/** What emoji and emoticons say in any language, −5..5. Emoji without skin tone and variation selector. */
export const EMOJI = wordTable({
  3: `❤ ♥ 💕 💖 💗 💓 💞 💘 💝 💜 💙 💚 💛 🧡 🤍 🤎 💟 ❣ 😍 🥰 😘 🤩 🎉 🎊 🥳 👏 🙌 💯 🏆 😻 ❤‍🔥 <3`,
  2: `😊 😁 😃 😄 😀 😆 😇 🙂 ☺ 😋 😎 🤗 👍 👌 ✌ 💪 🙏 🤝 ✨ 🌟 ⭐ 🔥 💐 🌹 🎁 😺 😸 🫶 🥂 🍻 😉 😜 🤪 😝 😌 ✅ :) :-) :D :-D =) =D :)) :))) ;)
    ;-) ;D :P :-P :p :-p xD XD xDD XDD :] :3 ^^ ^_^ (: ;P ;p =P :* :-*`,
  1: `😂 🤣 😅 😏 🙃 😛 👊 🎶 💃 🕺 👀 😹`,
  [-1]: `😐 😑 😶 😬 🤔 😕 🤷 🤷‍♂ 🤷‍♀ 🙈 😴 💀 :/ :-/ :\ :-\ =/ :| :-| -_- -__- :o :-o :O :S :s`,
  [-2]: `😒 🙄 😞 😔 😟 🙁 ☹ 😣 😖 😫 😩 🥺 😢 😥 😓 😰 😨 😱 😳 🤦 🤦‍♂ 🤦‍♀ 👎 💔 😤 😠 🤨 😾 😿 🚫 ❌ ⛔ 🆘 ⚠ 😵 🥴 🤒 🤕 😪 🫠 😭 :( :-( :(( :((( =(
    :'( :[ :-[ ): </3 D: ;(`,
  [-3]: `😡 🤬 👿 🤮 🤢 💩 🖕 🤡 😷 ☠ >:(`,
});
